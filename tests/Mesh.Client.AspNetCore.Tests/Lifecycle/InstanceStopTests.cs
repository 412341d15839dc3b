using System.Net;
using Mesh.Client.Tests.Waiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Mesh.Client.AspNetCore.Tests.Lifecycle;

/// <summary>From the signal to stop until the host is down.</summary>
public sealed class InstanceStopTests
{
    [Fact]
    public async Task Stop_OfARegisteredInstance_DeregistersServesAndThenStops()
    {
        await using InstanceApp app = await new InstanceApp().RegisteredAsync();
        Uri url = app.Url;
        HealthReportEntry? during = null;
        app.Registry.OnDeregister = async _ => during = await app.ReadinessAsync();
        Task stop = app.App.StopAsync(TestContext.Current.CancellationToken);
        await Until.HoldsAsync(() => app.Registry.Deregistered.Length == 1);

        Assert.Equal((HealthStatus.Unhealthy, "draining: the application stops"), (during?.Status, during?.Description));
        await Until.HoldsAsync(() => app.Clock.ActiveTimers > 0);
        app.Clock.Advance(TimeSpan.FromSeconds(4.9));
        using (var client = new HttpClient())
        {
            using HttpResponseMessage response = await client.GetAsync(url, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.True(response.Headers.ConnectionClose);
        }

        Assert.False(stop.IsCompleted);
        app.Clock.Advance(TimeSpan.FromSeconds(0.1));
        await stop;
        using var late = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => late.GetAsync(url, TestContext.Current.CancellationToken));
        Assert.Equal([app.Registry.Registered[0].Id], app.Registry.Deregistered);
        Assert.Single(app.Log.Of(4020));
        Assert.Single(app.Log.Of(4021));
        Assert.Contains("00:00:05", Assert.Single(app.Log.Of(4024)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_ByCodeOfAnApplicationThatRuns_DrainsOnce()
    {
        await using var app = new InstanceApp();
        Task run = app.App.RunAsync();
        await Until.HoldsAsync(() => app.Registry.Registered.Length > 0);
        DateTimeOffset began = app.Clock.GetUtcNow();

        // RunAsync sees that the application stops, and stops it too.
        await app.FinishAsync(Task.WhenAll(app.App.StopAsync(TestContext.Current.CancellationToken), run));

        Assert.InRange((app.Clock.GetUtcNow() - began).TotalSeconds, 5, 6);
        Assert.Single(app.Log.Of(4020));
        Assert.Single(app.Log.Of(4024));
    }

    [Fact]
    public async Task Stop_WithARequestInFlight_LetsItFinish()
    {
        var inside = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        await using InstanceApp app = await new InstanceApp(map: a => a.MapGet("/slow", async () =>
        {
            inside.SetResult();
            await release.Task;
            return "done";
        })).RegisteredAsync();
        using var client = new HttpClient();
        Task<string> slow = client.GetStringAsync(new Uri(app.Url, "/slow"), TestContext.Current.CancellationToken);
        await inside.Task;
        Task stop = app.App.StopAsync(TestContext.Current.CancellationToken);
        await app.Clock.AdvanceUntilAsync(() => app.App.Lifetime.ApplicationStopping.IsCancellationRequested, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.False(stop.IsCompleted);

        release.SetResult();
        Assert.Equal("done", await slow);
        await stop;
    }

    [Fact]
    public async Task Stop_WithARegistryThatHangs_IsNotHeldUp()
    {
        await using InstanceApp app = await new InstanceApp(static o => o.DrainDelay = TimeSpan.FromSeconds(3)).RegisteredAsync();
        app.Registry.OnDeregister = static _ => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None);
        DateTimeOffset began = app.Clock.GetUtcNow();
        await app.FinishAsync(app.App.StopAsync(TestContext.Current.CancellationToken));

        Assert.InRange((app.Clock.GetUtcNow() - began).TotalSeconds, 3, 3.5);
        Assert.Single(app.Log.Of(4022));
    }

    [Fact]
    public async Task Stop_WithARegistryThatFails_TriesAgainWhileItDrains()
    {
        await using InstanceApp app = await new InstanceApp().RegisteredAsync();
        int attempts = 0;
        app.Registry.OnDeregister = _ => ++attempts < 3 ? throw new IOException("connection refused") : Task.CompletedTask;
        await app.FinishAsync(app.App.StopAsync(TestContext.Current.CancellationToken));

        Assert.Equal(3, attempts);
        Assert.Single(app.Registry.Deregistered);
    }

    [Fact]
    public async Task Stop_WhileTheRegistrationIsUnderWay_TakesItOutAllTheSame()
    {
        await using var app = new InstanceApp();
        app.Registry.OnRegister = static (_, ct) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
        await app.StartAsync();
        await Until.HoldsAsync(() => app.Registry.Attempts == 1);
        await app.FinishAsync(app.App.StopAsync(TestContext.Current.CancellationToken));

        Assert.Single(app.Registry.Deregistered);
        Assert.Empty(app.Registry.Registered);
    }

    [Fact]
    public async Task Stop_WhileItWarmsUp_RegistersNoMore()
    {
        await using InstanceApp app = await new InstanceApp().RegisteredAsync();
        await app.FinishAsync(app.App.StopAsync(TestContext.Current.CancellationToken));
        int registered = app.Registry.Registered.Length;
        app.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.InRange(registered, 1, 2);
        Assert.Equal(registered, app.Registry.Registered.Length);
        Assert.Equal(0, app.Clock.ActiveTimers);
    }

    [Fact]
    public async Task Stop_WithACancelledToken_EndsAtOnce()
    {
        await using InstanceApp app = await new InstanceApp().RegisteredAsync();
        using var cancel = new CancellationTokenSource();
        Task stop = app.App.StopAsync(cancel.Token);
        await Until.HoldsAsync(() => app.Registry.Deregistered.Length == 1);
        await cancel.CancelAsync();
        await Record.ExceptionAsync(() => stop);

        Assert.Single(app.Log.Of(4023));
        Assert.Single(app.Log.Of(4024));
    }

    [Fact]
    public async Task Stop_OfAnInstanceThatIsNotEnabled_StillDrains()
    {
        await using var app = new InstanceApp(static o => o.Enabled = false);
        await app.StartAsync();
        await Until.HoldsAsync(() => app.ReadinessAsync().GetAwaiter().GetResult().Status == HealthStatus.Healthy);
        DateTimeOffset began = app.Clock.GetUtcNow();
        await app.FinishAsync(app.App.StopAsync(TestContext.Current.CancellationToken));

        Assert.InRange((app.Clock.GetUtcNow() - began).TotalSeconds, 5, 5.5);
        Assert.Equal((0, 0), (app.Registry.Attempts, app.Registry.Deregistered.Length));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stop_WithAHostedServiceAroundTheRegistration_StopsItAfterTheDrain(bool before)
    {
        var other = new Watching();
        await using InstanceApp app = await new InstanceApp(build: b =>
        {
            var descriptor = ServiceDescriptor.Singleton<IHostedService>(other);
            b.Services.Insert(before ? 0 : b.Services.Count, descriptor);
        }).RegisteredAsync();
        Task stop = app.App.StopAsync(TestContext.Current.CancellationToken);
        await Until.HoldsAsync(() => app.Registry.Deregistered.Length == 1);
        await Until.HoldsAsync(() => app.Clock.ActiveTimers > 0);
        Assert.False(other.Stopped);
        await app.FinishAsync(stop);
        Assert.True(other.Stopped);
    }

    [Fact]
    public async Task Dispose_WithoutAStop_LeavesNothingRunning()
    {
        var app = new InstanceApp();
        await app.RegisteredAsync();
        await app.App.DisposeAsync();

        await Until.HoldsAsync(() => app.Clock.ActiveTimers == 0);
    }

    [Fact]
    public async Task Start_WithADrainDelayAsLongAsTheShutdown_WarnsOfBoth()
    {
        await using var app = new InstanceApp(
            static o => o.DrainDelay = TimeSpan.FromSeconds(7), static b => b.Services.Configure<HostOptions>(static h => h.ShutdownTimeout = TimeSpan.FromSeconds(6)));
        await app.StartAsync();

        string line = Assert.Single(app.Log.Of(4014));
        Assert.Contains("00:00:07", line, StringComparison.Ordinal);
        Assert.Contains("00:00:06", line, StringComparison.Ordinal);
    }

    private sealed class Watching : IHostedService
    {
        public bool Stopped { get; private set; }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            Stopped = true;
            return Task.CompletedTask;
        }
    }
}
