using Mesh.Client.Testing;
using Mesh.Client.Tests.Waiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mesh.Client.AspNetCore.Tests.Lifecycle;

/// <summary>Two instances behind a mesh client, on the real clock, one of which is stopped and started again and again.</summary>
public sealed class RollingRestartTests
{
    private const int Restarts = 5;
    private const int Callers = 4;

    [Fact]
    public async Task Restarts_UnderLoad_LoseNoCall()
    {
        var registry = new InMemoryRegistry();
        var services = new ServiceCollection();
        services.AddHttpClient("orders");

        // No retries, and what could not be retried: each lost call is seen.
        services.AddMesh(mesh => mesh.AddInMemoryRegistry(registry).AddService("orders", static s => s.Retry.MaxAttempts = 1));
        await using ServiceProvider provider = services.BuildServiceProvider();
        await using WebApplication stable = await StartAsync(registry, "stable");
        WebApplication rolling = await StartAsync(registry, "rolling-0");
        await Until.HoldsAsync(() => registry.Instances("orders").Length == 2);

        using var end = new CancellationTokenSource();
        Task<(int Good, string[] Bad)>[] callers = [.. Enumerable.Range(0, Callers).Select(_ => Task.Run(() => CallAsync(provider.GetRequiredService<IHttpClientFactory>(), end.Token)))];
        var served = new List<string>();
        for (int restart = 1; restart <= Restarts; restart++)
        {
            await rolling.StopAsync(TestContext.Current.CancellationToken);
            await rolling.DisposeAsync();
            Assert.Single(registry.Instances("orders"));
            rolling = await StartAsync(registry, $"rolling-{restart}");
            await Until.HoldsAsync(() => registry.Instances("orders").Length == 2);
            Counter counter = rolling.Services.GetRequiredService<Counter>();
            await Until.HoldsAsync(() => counter.Calls >= 20);
            served.Add($"{counter.Calls}");
        }

        await end.CancelAsync();
        (int Good, string[] Bad)[] results = await Task.WhenAll(callers);
        await rolling.StopAsync(TestContext.Current.CancellationToken);
        await rolling.DisposeAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"{results.Sum(static r => r.Good)} calls; each new instance had served {string.Join(", ", served)}");
        Assert.Empty(results.SelectMany(static r => r.Bad));
        Assert.True(results.Sum(static r => r.Good) > 500);
    }

    private static async Task<(int Good, string[] Bad)> CallAsync(IHttpClientFactory factory, CancellationToken end)
    {
        using HttpClient client = factory.CreateClient("orders");
        var bad = new List<string>();
        int good = 0;
        while (!end.IsCancellationRequested)
        {
            try
            {
                using HttpResponseMessage response = await client.PostAsync(new Uri("http://orders/"), new StringContent("one"), CancellationToken.None);
                response.EnsureSuccessStatusCode();
                good++;
            }
            catch (HttpRequestException error)
            {
                bad.Add(error.ToString());
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, CancellationToken.None);
        }

        return (good, [.. bad]);
    }

    private static async Task<WebApplication> StartAsync(InMemoryRegistry registry, string id)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<Counter>();
        builder.Services.AddMesh(mesh => mesh.AddInMemoryRegistry(registry).AddRegistration(options =>
        {
            options.Service = "orders";
            options.InstanceId = id;
            options.WarmUp = TimeSpan.FromSeconds(0.5);
            options.DrainDelay = TimeSpan.FromSeconds(0.3);
        }));
        WebApplication app = builder.Build();
        app.MapPost("/", static async (Counter counter) =>
        {
            counter.Add();
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
            return "taken";
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private sealed class Counter
    {
        private int _calls;

        public int Calls => Volatile.Read(ref _calls);

        public void Add() => Interlocked.Increment(ref _calls);
    }
}
