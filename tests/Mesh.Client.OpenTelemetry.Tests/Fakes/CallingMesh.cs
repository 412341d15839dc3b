using Mesh.Client.Options;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mesh.Client.OpenTelemetry.Tests.Fakes;

/// <summary>A mesh with the service <c>orders</c>, whose endpoints are tried in their order and whose retries do not wait.</summary>
internal sealed class CallingMesh : IDisposable
{
    private readonly ServiceProvider _provider;

    /// <summary>Makes it.</summary>
    /// <param name="addresses">The endpoints of <c>orders</c>.</param>
    /// <param name="orders">More of the service.</param>
    /// <param name="mesh">More of the mesh.</param>
    /// <param name="keys">Keys beneath the section <c>Mesh</c>.</param>
    public CallingMesh(string[] addresses, Action<ServiceOptions>? orders = null, Action<IMeshBuilder>? mesh = null, params (string Key, string Value)[] keys)
    {
        Configuration = new ConfigurationBuilder().AddInMemoryCollection(keys.Select(static k => new KeyValuePair<string, string?>(k.Key, k.Value))).Build();
        var services = new ServiceCollection();
        services.AddLogging(log => log.AddProvider(Log).SetMinimumLevel(LogLevel.Information));
        services.AddMesh(Configuration, builder =>
        {
            builder.ConfigureDiscovery(static d => d.CacheDirectory = "").AddService("orders", options =>
            {
                options.LoadBalancing.Policy = "First";
                options.Retry.BaseDelay = TimeSpan.Zero;
                options.Retry.MaxDelay = TimeSpan.Zero;
                foreach (string address in addresses)
                {
                    options.Endpoints.Add(new EndpointOptions { Address = address });
                }

                orders?.Invoke(options);
            });
            mesh?.Invoke(builder);
        });
        services.AddHttpClient("test", static client => client.BaseAddress = new Uri("http://orders"));
        _provider = services.BuildServiceProvider();
        Client = _provider.GetRequiredService<IHttpClientFactory>().CreateClient("test");
    }

    public IConfigurationRoot Configuration { get; }

    public IServiceProvider Services => _provider;

    public LinesOfLog Log { get; } = new();

    public HttpClient Client { get; }

    /// <summary>Makes a call and gives back its status.</summary>
    public async Task<int> GetAsync(string path = "/today")
    {
        using HttpResponseMessage response = await Client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        return (int)response.StatusCode;
    }

    public async Task<int> PostAsync()
    {
        using HttpResponseMessage response = await Client.PostAsync(new Uri("/today", UriKind.Relative), null, TestContext.Current.CancellationToken);
        return (int)response.StatusCode;
    }

    public void Dispose()
    {
        Client.Dispose();
        _provider.Dispose();
    }
}
