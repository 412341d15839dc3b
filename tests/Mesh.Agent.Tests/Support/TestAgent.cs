using System.Net;
using System.Net.Sockets;
using Mesh.Agent.Hosting;
using Mesh.Agent.Inbound;
using Mesh.Client;
using Mesh.Client.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mesh.Agent.Tests.Support;

/// <summary>An agent in this process, with real listeners on free ports.</summary>
internal sealed class TestAgent : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Uri[] _addresses;

    private TestAgent(WebApplication app, RecordingLog log)
    {
        _app = app;
        Log = log;
        _addresses = [.. app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Where(static a => !a.Contains("unix:", StringComparison.Ordinal)).Select(static a => new Uri(a))];
    }

    /// <summary>Where programs call it.</summary>
    public Uri Outbound => _addresses[0];

    public Uri Admin => _addresses[^1];

    /// <summary>Where others call the local programs.</summary>
    public Uri[] Inbound => [.. _app.Services.GetRequiredService<InboundHosts>().Apps.Select(static a => new Uri(a.Urls.First()))];

    public RecordingLog Log { get; }

    public IConfigurationRoot Configuration => (IConfigurationRoot)_app.Configuration;

    /// <summary>Starts an agent whose service <c>orders</c> is at some upstreams.</summary>
    /// <param name="upstreams">The endpoints.</param>
    /// <param name="keys">More of the configuration.</param>
    /// <param name="mesh">More of the mesh.</param>
    public static async Task<TestAgent> StartAsync(Uri[] upstreams, (string Key, string Value)[]? keys = null, Action<IMeshBuilder>? mesh = null)
    {
        Dictionary<string, string?> configuration = new()
        {
            ["Agent:Outbound:0"] = "http://127.0.0.1:0",
            ["Agent:Admin"] = "http://127.0.0.1:0",
            ["Mesh:Discovery:CacheDirectory"] = "",
            ["Mesh:Discovery:Sources:0"] = "Configuration",
            ["Mesh:Services:orders:CircuitBreaker:ConsecutiveFailures"] = "1000",
        };
        for (int i = 0; i < upstreams.Length; i++)
        {
            configuration[$"Mesh:Services:orders:Endpoints:{i}:Address"] = upstreams[i].GetLeftPart(UriPartial.Authority);
        }

        foreach ((string key, string value) in keys ?? [])
        {
            configuration[key] = value;
        }

        var log = new RecordingLog();
        WebApplication app = AgentHost.Create(c => c.AddInMemoryCollection(configuration), l => l.AddProvider(log), mesh);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new TestAgent(app, log);
    }

    /// <summary>A client that knows the agent as its <c>http_proxy</c>.</summary>
    public HttpClient Proxied() => new(new SocketsHttpHandler { Proxy = new WebProxy(Outbound), UseProxy = true, AllowAutoRedirect = false, UseCookies = false, Expect100ContinueTimeout = TimeSpan.FromSeconds(30) }, disposeHandler: true);

    /// <summary>A client whose connections lead to the agent, whatever host it calls.</summary>
    public HttpClient Direct(Version? version = null, string? unixSocket = null) => new(DirectHandler(unixSocket), disposeHandler: true)
    {
        DefaultRequestVersion = version ?? HttpVersion.Version11,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    /// <summary>Makes connections that lead to the agent, whatever host is called.</summary>
    public SocketsHttpHandler DirectHandler(string? unixSocket = null) => new()
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectCallback = async (_, cancellationToken) =>
        {
            Socket socket = unixSocket is null ? new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true } : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(unixSocket is null ? new IPEndPoint(IPAddress.Loopback, Outbound.Port) : new UnixDomainSocketEndPoint(unixSocket), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };

    /// <summary>A bare connection to the agent.</summary>
    public Task<RawConnection> ConnectAsync() => RawConnection.OpenAsync(Outbound.Port);

    /// <summary>Stops it as a signal would.</summary>
    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
