using System.Net;
using System.Text.Json;
using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Options;
using Mesh.Client.Tests.Waiting;
using Mesh.IntegrationTests.Certificates;
using Mesh.IntegrationTests.Grpc.Messages;
using Mesh.IntegrationTests.Wire;
using Mesh.IntegrationTests.Wire.Health;
using Mesh.IntegrationTests.Wire.Servers;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Mesh.IntegrationTests.Grpc.Peers;

/// <summary>gRPC probes of foreign servers: asked by <c>Check</c> and <c>Watch</c>, they leave and come back with their health.</summary>
[Collection(typeof(OnTheWire))]
public sealed class HealthProbeTests
{
    private const string Name = "grpc.testing.TestService";

    public static TheoryData<PeerKind, bool, string> Servers
    {
        get
        {
            TheoryData<PeerKind, bool, string> servers = [];
            foreach (PeerKind kind in Enum.GetValues<PeerKind>())
            {
                servers.Add(kind, false, "");
                servers.Add(kind, false, Name);
                servers.Add(kind, true, Name);
            }

            return servers;
        }
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Probe_TheServerStopsServing_LeavesAndComesBack(PeerKind kind, bool tls, string name)
    {
        using TestAuthority? authority = tls ? new TestAuthority() : null;
        await using GrpcPeer sick = await GrpcPeer.StartAsync(kind, authority: authority, host: "orders");
        await using GrpcPeer well = await GrpcPeer.StartAsync(kind, authority: authority, host: "orders");
        using var service = new ProbedService(
            o =>
            {
                Grpc(o, name);
                if (authority?.Trust() is { } trust)
                {
                    o.Transport.ConfigureHandler = (_, transport) => transport.SslOptions = trust;
                }
            },
            sick.Endpoint,
            well.Endpoint);
        Begin(service, sick.Endpoint);

        await sick.SetHealthAsync(name, ServingStatus.NotServing);
        await Until.HoldsAsync(() => service.Endpoints.Length == 2 && service.StateOf(sick.Endpoint) is BreakerState.Unhealthy);
        Assert.Equal($"unhealthy: \"{name}\" is NOT_SERVING", service.Endpoints.Single(e => e.Address == sick.Endpoint.Authority).Reason);
        Assert.NotEqual(BreakerState.Unhealthy, service.StateOf(well.Endpoint));

        await sick.SetHealthAsync(name, ServingStatus.Serving);
        await Until.HoldsAsync(() => service.StateOf(sick.Endpoint) is not BreakerState.Unhealthy);
    }

    [Theory]
    [InlineData(PeerKind.Node)]
    [InlineData(PeerKind.Python)]
    public async Task Watch_TheServerStopsServing_LeavesAndComesBackWithoutACheckThatCounts(PeerKind kind)
    {
        await using GrpcPeer sick = await GrpcPeer.StartAsync(kind);
        await using GrpcPeer well = await GrpcPeer.StartAsync(kind);
        using var service = new ProbedService(
            static o =>
            {
                Grpc(o, Name);
                (o.HealthCheck.UnhealthyAfter, o.HealthCheck.HealthyAfter) = (1000, 1000);
            },
            sick.Endpoint,
            well.Endpoint);
        Begin(service, sick.Endpoint);

        for (int i = 0; i < 3; i++)
        {
            await sick.SetHealthAsync(Name, ServingStatus.NotServing);
            await Until.HoldsAsync(() => service.Endpoints.Length == 2 && service.StateOf(sick.Endpoint) is BreakerState.Unhealthy);
            await sick.SetHealthAsync(Name, ServingStatus.Serving);
            await Until.HoldsAsync(() => service.StateOf(sick.Endpoint) is not BreakerState.Unhealthy);
        }

        Assert.NotEqual(BreakerState.Unhealthy, service.StateOf(well.Endpoint));
    }

    [Theory]
    [InlineData(PeerKind.Node)]
    [InlineData(PeerKind.Python)]
    public async Task Probe_OfAServiceThatTheServerDoesNotKnow_FindsItUnwell(PeerKind kind)
    {
        await using GrpcPeer peer = await GrpcPeer.StartAsync(kind);
        using var service = new ProbedService(static o => Grpc(o, "no.Such"), peer.Endpoint);
        Begin(service, peer.Endpoint);

        await Until.HoldsAsync(() => service.Endpoints.Length == 1 && service.StateOf(peer.Endpoint) is BreakerState.Unhealthy);

        Assert.Equal("unhealthy: \"no.Such\" is unknown to the server's health service", service.Endpoints[0].Reason);
    }

    [Fact]
    public async Task Probe_OfAServerWithoutAHealthService_FindsItWellAndAsksOn()
    {
        int asked = 0;
        await using RealServer server = await RealServer.StartAsync(
            context =>
            {
                if (context.Request.Path == "/grpc.health.v1.Health/Check")
                {
                    Interlocked.Increment(ref asked);
                    context.Response.ContentType = "application/grpc";
                    context.Response.Headers["grpc-status"] = "12";
                }

                return Task.CompletedTask;
            },
            HttpProtocols.Http2);
        using var service = new ProbedService(static o => Grpc(o, ""), server.Endpoint);
        Begin(service, server.Endpoint);

        await Until.HoldsAsync(() => Volatile.Read(ref asked) >= 5);

        Assert.NotEqual(BreakerState.Unhealthy, service.StateOf(server.Endpoint));
    }

    [Theory]
    [InlineData("no-message")]
    [InlineData("no-trailers")]
    [InlineData("trailers-only")]
    [InlineData("half-message")]
    [InlineData("http-404")]
    [InlineData("wrong-content-type")]
    [InlineData("reset-mid-message")]
    [InlineData("goaway-processed")]
    [InlineData("silent")]
    public async Task Probe_OfAServerThatBreaksTheProtocol_FindsItUnwell(string fault)
    {
        await using GrpcPeer broken = await GrpcPeer.StartBreakerAsync(fault);
        using var service = new ProbedService(static o => Grpc(o, ""), broken.Endpoint);
        Begin(service, broken.Endpoint);

        await Until.HoldsAsync(() => service.Endpoints.Length == 1 && service.StateOf(broken.Endpoint) is BreakerState.Unhealthy);

        Assert.InRange(service.Endpoints[0].Reason.Length, 12, 230);
    }

    [Fact]
    public async Task Probe_ManyTimes_KeepsOneConnectionOfItsOwn()
    {
        await using GrpcPeer peer = await GrpcPeer.StartBreakerAsync();
        using var service = new ProbedService(static o => Grpc(o, ""), peer.Endpoint);
        Begin(service, peer.Endpoint);
        JsonElement report = default;

        while (report.ValueKind is JsonValueKind.Undefined || report.GetProperty("calls").GetInt32() < 6)
        {
            report = await peer.BreakerReportAsync();
        }

        // The connections of the report, of the call and of the probes.
        Assert.Equal(3, report.GetProperty("sessions").GetInt32());
        Assert.All(report.GetProperty("streams").EnumerateArray().Select(static p => p.GetString()), static path => Assert.True(path is "/call" or "/grpc.health.v1.Health/Check" or "/grpc.health.v1.Health/Watch", path));
    }

    private static void Grpc(ServiceOptions options, string name) => (options.HealthCheck.Type, options.HealthCheck.Path) = (HealthCheckType.Grpc, name);

    // What becomes of the call is none of the probes' business.
    private static void Begin(ProbedService service, MeshEndpoint endpoint)
    {
        (service.Client.DefaultRequestVersion, service.Client.DefaultVersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
        _ = service.Client.GetAsync(new Uri($"{endpoint.Scheme ?? "http"}://orders/call"), TestContext.Current.CancellationToken).ContinueWith(static t => t.Exception, TaskScheduler.Default);
    }
}
