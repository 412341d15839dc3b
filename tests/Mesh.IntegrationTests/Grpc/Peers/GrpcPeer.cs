using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Text.Json;
using Mesh.Client.Model;
using Mesh.IntegrationTests.Certificates;
using Mesh.IntegrationTests.Grpc.Messages;
using Mesh.IntegrationTests.Grpc.Support;

namespace Mesh.IntegrationTests.Grpc.Peers;

/// <summary>A foreign gRPC server on a port of its own, with a line to it beside the mesh.</summary>
internal sealed class GrpcPeer : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly PeerProcess _process;
    private readonly SslClientAuthenticationOptions? _trust;
    private readonly HttpMessageInvoker _invoker;
    private readonly GrpcCaller _control;

    private GrpcPeer(PeerProcess process, int port, string scheme, SslClientAuthenticationOptions? trust)
    {
        _process = process;
        Port = port;
        Address = string.Create(CultureInfo.InvariantCulture, $"{scheme}://127.0.0.1:{port}");
        _trust = trust;
        _invoker = new HttpMessageInvoker(Handler(trust));
        _control = new GrpcCaller(_invoker, Address);
    }

    public int Port { get; }

    public int ProcessId => _process.Id;

    /// <summary>Its scheme, host and port.</summary>
    public string Address { get; }

    public MeshEndpoint Endpoint => new("127.0.0.1", Port) { Scheme = new Uri(Address).Scheme };

    /// <summary>Starts gRPC's interop server.</summary>
    /// <param name="kind">Whose gRPC.</param>
    /// <param name="options">Its options.</param>
    /// <param name="authority">Issues its certificate, for 127.0.0.1 and <paramref name="host"/>; without one it speaks h2c.</param>
    /// <param name="host">The logical name that callers may know it by.</param>
    public static Task<GrpcPeer> StartAsync(PeerKind kind, PeerOptions? options = null, TestAuthority? authority = null, string host = "testservice.mesh") =>
        StartAsync(kind, "server", options, authority, host);

    /// <summary>Starts the server that breaks the protocol.</summary>
    /// <param name="fault">What it does to each call, a name out of <c>breaker.js</c>; a call's header <c>x-fault</c> counts before it.</param>
    /// <param name="options">More of its options.</param>
    public static Task<GrpcPeer> StartBreakerAsync(string fault = "none", PeerOptions? options = null) =>
        StartAsync(PeerKind.Node, "breaker", (options ?? new()) with { Fault = fault }, null, "");

    /// <summary>A caller with no mesh between, on connections of its own: those of <see cref="ReportAsync"/> are apart from all others.</summary>
    public GrpcCaller CreateDirect() => new(Handler(_trust), Address);

    /// <summary>Sets what becomes of the calls from now on.</summary>
    public async Task SetAsync(Plan plan) => Assert.Equal(GrpcCode.OK, (await _control.UnaryAsync(TestService.SetPlan, plan)).Code);

    /// <summary>Sets the health of a service; the empty name is the whole server.</summary>
    public async Task SetHealthAsync(string service, ServingStatus status) =>
        Assert.Equal(GrpcCode.OK, (await _control.UnaryAsync(TestService.SetHealth, new Health { Service = service, Status = (int)status })).Code);

    /// <summary>What came to it.</summary>
    public async Task<Report> ReportAsync()
    {
        GrpcReply<Report> reply = await _control.UnaryAsync(TestService.GetReport, new Nothing());
        Assert.True(reply.Code is GrpcCode.OK, $"{Address}: {reply.Code} {reply.Detail} {_process.Errors}");
        return reply.Message!;
    }

    /// <summary>Waits until no call is open any more.</summary>
    public async Task IdleAsync()
    {
        long start = TimeProvider.System.GetTimestamp();
        for (int open = 1; open > 0;)
        {
            open = (await ReportAsync()).Open;
            Assert.True(open == 0 || TimeProvider.System.GetElapsedTime(start) < s_patience, $"{Address}: {open} calls stay open");
        }
    }

    /// <summary>What came to a breaker: <c>calls</c>, <c>sessions</c>, and <c>streams</c> with each call's path.</summary>
    public async Task<JsonElement> BreakerReportAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Address}/report") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using HttpResponseMessage response = await _invoker.SendAsync(request, TestContext.Current.CancellationToken);
        using JsonDocument report = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return report.RootElement.Clone();
    }

    /// <summary>Ends it with SIGKILL: the port closes and connections are reset.</summary>
    public void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        _control.Dispose();
        await _process.DisposeAsync();
    }

    // As plain as a channel without the mesh would have.
    private static SocketsHttpHandler Handler(SslClientAuthenticationOptions? trust)
    {
        var handler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true, UseProxy = false };
        if (trust is not null)
        {
            handler.SslOptions = trust;
        }

        return handler;
    }

    private static async Task<GrpcPeer> StartAsync(PeerKind kind, string program, PeerOptions? options, TestAuthority? authority, string host)
    {
        options ??= new();
        if (authority is not null)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"{kind}-{program}");
            authority.Issue(name, host).Dispose();
            options = options with { Cert = authority.PathOf(name), Key = authority.KeyOf(name) };
        }

        (PeerProcess process, string line) = await PeerProcess.StartAsync(kind, program, options);
        return new GrpcPeer(process, int.Parse(line, CultureInfo.InvariantCulture), authority is null ? "http" : "https", authority?.Trust());
    }
}
