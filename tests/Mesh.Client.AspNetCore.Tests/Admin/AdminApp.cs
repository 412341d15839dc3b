using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Mesh.Client.Services;
using Mesh.Client.Testing;
using Mesh.Client.Tests;
using Mesh.Client.Tests.Waiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mesh.Client.AspNetCore.Tests.Admin;

/// <summary>A real Kestrel with <c>MapMesh()</c> over a mesh of scripted endpoints.</summary>
internal sealed class AdminApp : IAsyncDisposable
{
    private readonly HttpClient _orders;

    private readonly ManualTimeProvider? _clock;

    private AdminApp(WebApplication app, InMemoryRegistry registry, ScriptedTransport transport, ManualTimeProvider? clock, RecordingLog log)
    {
        (App, Registry, Transport, _clock, Log) = (app, registry, transport, clock, log);
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, ResponseDrainTimeout = TimeSpan.Zero }) { BaseAddress = Address };
        _orders = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
    }

    public WebApplication App { get; }

    public InMemoryRegistry Registry { get; }

    public ScriptedTransport Transport { get; }

    public RecordingLog Log { get; }

    /// <summary>The mesh's clock; there is none in the system's own time.</summary>
    public ManualTimeProvider Clock => _clock ?? throw new InvalidOperationException("It runs in the system's own time.");

    public Uri Address { get; }

    public HttpClient Client { get; }

    public IMeshStatus Status => App.Services.GetRequiredService<IMeshStatus>();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts the application.</summary>
    /// <param name="keys">Keys beneath <c>Mesh</c>.</param>
    /// <param name="configure">The options of <c>MapMesh</c>.</param>
    /// <param name="services">More services.</param>
    /// <param name="build">More of the pipeline, and what to do with what <c>MapMesh</c> returns.</param>
    /// <param name="mesh">More of the mesh.</param>
    /// <param name="inRealTime">Whether it runs in the system's own time.</param>
    /// <param name="port">Where it listens; 0 is anywhere.</param>
    public static async Task<AdminApp> StartAsync(
        (string Key, string? Value)[]? keys = null,
        Action<MeshAdminOptions>? configure = null,
        Action<IServiceCollection>? services = null,
        Action<WebApplication, IEndpointConventionBuilder>? build = null,
        Action<IMeshBuilder>? mesh = null,
        bool inRealTime = false,
        int port = 0)
    {
        ManualTimeProvider? clock = inRealTime ? null : new ManualTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        var registry = new InMemoryRegistry();
        var transport = new ScriptedTransport(clock ?? TimeProvider.System);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        var log = new RecordingLog();
        builder.Logging.ClearProviders().AddProvider(log);
        builder.Configuration.AddInMemoryCollection((keys ?? []).Select(static k => new KeyValuePair<string, string?>($"Mesh:{k.Key}", k.Value)));
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Services.AddHttpClient("orders");
        services?.Invoke(builder.Services);
        builder.Services.AddMesh(builder.Configuration.GetSection("Mesh"), m =>
        {
            m.AddInMemoryRegistry(registry).UseScriptedTransport(transport).UseTimeProvider(clock ?? TimeProvider.System).UseRandom(new SeededRandom(1));
            mesh?.Invoke(m);
        });
        WebApplication app = builder.Build();
        app.UseMesh();
        IEndpointConventionBuilder mapped = app.MapMesh("/mesh", configure);
        app.MapGet("/work", static () => "done");
        build?.Invoke(app, mapped);
        await app.StartAsync(Token);
        return new AdminApp(app, registry, transport, clock, log);
    }

    /// <summary>Makes <c>orders</c> a service in use.</summary>
    public async Task UseAsync(params string[] authorities)
    {
        Registry.Set("orders", authorities);
        await CallAsync();
        await Until.HoldsAsync(() => Status.GetServices() is [{ Endpoints.Length: var count }] && count == authorities.Length);
    }

    /// <summary>Calls <c>orders</c>.</summary>
    public async Task<HttpStatusCode> CallAsync()
    {
        using HttpResponseMessage response = await _orders.GetAsync(new Uri("http://orders/"), Token);
        return response.StatusCode;
    }

    /// <summary>Reads an answer beneath <c>/mesh/api</c>.</summary>
    public async Task<JsonElement> ReadAsync(string path = "")
    {
        using HttpResponseMessage response = await Client.GetAsync(new Uri($"/mesh/api{path}", UriKind.Relative), Token);
        Assert.Equal((HttpStatusCode.OK, "application/json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        return await response.Content.ReadFromJsonAsync<JsonElement>(Token);
    }

    /// <summary>Isolates or releases an endpoint.</summary>
    public async Task<HttpStatusCode> SayAsync(HttpMethod method, string service, string endpoint, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri($"/mesh/api/services/{service}/endpoints/{Uri.EscapeDataString(endpoint)}/isolation", UriKind.Relative));
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using HttpResponseMessage response = await Client.SendAsync(request, Token);
        return response.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        _orders.Dispose();
        Client.Dispose();
        await App.DisposeAsync();
    }
}
