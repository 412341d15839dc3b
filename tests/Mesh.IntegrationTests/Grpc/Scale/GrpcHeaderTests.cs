using System.Globalization;
using Mesh.IntegrationTests.Grpc.Messages;
using Mesh.IntegrationTests.Grpc.Peers;
using Mesh.IntegrationTests.Grpc.Support;
using Mesh.IntegrationTests.Wire;
using Mesh.IntegrationTests.Wire.Servers;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Mesh.IntegrationTests.Grpc.Scale;

/// <summary>Metadata just below and above what servers and <see cref="SocketsHttpHandler"/> take: a status as without the mesh, and no endpoint that pays for it.</summary>
[Collection(typeof(OnTheWire))]
public sealed class GrpcHeaderTests
{
    private const string Echo = "x-grpc-test-echo-initial";

    // More than the failures in a row that eject an endpoint.
    private const int Calls = 8;

    [Theory]
    [InlineData(PeerKind.Node, 64_500)]
    [InlineData(PeerKind.Python, 7_500)]
    public async Task Metadata_BelowTheServersLimit_PassesBothWays(PeerKind kind, int size)
    {
        await using GrpcPeer peer = await GrpcPeer.StartAsync(kind);
        using GrpcCaller mesh = GrpcMesh.Create([peer.Address]);

        GrpcReply<Empty> reply = await mesh.UnaryAsync(TestService.EmptyCall, new Empty(), With(Echo, size));

        Assert.Equal((GrpcCode.OK, size), (reply.Code, reply.Headers[Echo].Length));
    }

    [Fact]
    public async Task Metadata_AboveTheAnnouncedLimit_IsInternalAndTheEndpointsStay()
    {
        await using GrpcPeer one = await GrpcPeer.StartAsync(PeerKind.Python);
        await using GrpcPeer two = await GrpcPeer.StartAsync(PeerKind.Python);
        using GrpcCaller direct = one.CreateDirect();
        using GrpcCaller mesh = GrpcMesh.Create([one.Address, two.Address], null, static o => (o.LoadBalancing.Policy, o.Retry.NonIdempotent, o.CircuitBreaker.FailFast, o.LoadBalancing.PanicThreshold) = ("RoundRobin", true, true, 1));
        Assert.Equal(GrpcCode.OK, (await direct.UnaryAsync(TestService.EmptyCall, new Empty())).Code);
        for (int i = 0; i < 2; i++)
        {
            // What a server takes is known once it has said so.
            Assert.Equal(GrpcCode.OK, (await mesh.UnaryAsync(TestService.EmptyCall, new Empty())).Code);
        }

        GrpcReply<Empty> before = await direct.UnaryAsync(TestService.EmptyCall, new Empty(), With("x-large", 8_500));
        for (int i = 0; i < 2 * Calls; i++)
        {
            GrpcReply<Empty> reply = await mesh.UnaryAsync(TestService.EmptyCall, new Empty(), With("x-large", 8_500));
            Assert.Equal((before.Code, before.Detail), (reply.Code, reply.Detail));
        }

        Assert.Equal(GrpcCode.Internal, before.Code);
        Assert.Equal((3, 1), ((await one.ReportAsync()).Calls + (await two.ReportAsync()).Calls, (await two.ReportAsync()).Calls));
        Assert.Equal(GrpcCode.OK, (await mesh.UnaryAsync(TestService.EmptyCall, new Empty())).Code);
    }

    // grpc-js drops it without a word.
    [Fact]
    public async Task Metadata_AboveALimitThatWasNotAnnounced_EndsWithTheDeadlineAndTheEndpointStays()
    {
        await using GrpcPeer peer = await GrpcPeer.StartAsync(PeerKind.Node);
        using GrpcCaller mesh = GrpcMesh.Create([peer.Address], null, static o => (o.CircuitBreaker.FailFast, o.LoadBalancing.PanicThreshold) = (true, 1));

        GrpcReply<Empty>[] replies = await Task.WhenAll(Enumerable.Range(0, Calls).Select(_ => mesh.UnaryAsync(TestService.EmptyCall, new Empty(), With("x-large", 70_000) with { Deadline = TimeSpan.FromMilliseconds(300) })));

        // Now and then the peer gives up the connection before that.
        Assert.All(replies, static reply => Assert.True(reply.Code is GrpcCode.DeadlineExceeded or GrpcCode.Unavailable, reply.ToString()));
        Assert.Contains(replies, static reply => reply.Code is GrpcCode.DeadlineExceeded);
        Assert.Equal(GrpcCode.OK, (await mesh.UnaryAsync(TestService.EmptyCall, new Empty())).Code);
    }

    [Theory]
    [InlineData(65_000, GrpcCode.NotFound)]
    [InlineData(66_000, GrpcCode.Unavailable)]
    public async Task Reply_AroundTheHandlersLimit_IsAStatus(int size, GrpcCode expected)
    {
        await using RealServer server = await RealServer.StartAsync(
            context =>
            {
                context.Response.ContentType = "application/grpc";
                context.Response.Headers["x-large"] = new string('a', size);
                context.Response.Headers["grpc-status"] = "5";
                return Task.CompletedTask;
            },
            HttpProtocols.Http2);
        using GrpcCaller mesh = GrpcMesh.Create([string.Create(CultureInfo.InvariantCulture, $"http://{server.Endpoint.Authority}")]);

        Assert.Equal(expected, (await mesh.UnaryAsync(TestService.EmptyCall, new Empty())).Code);
    }

    private static GrpcCallOptions With(string name, int size) => new() { Metadata = [(name, new string('a', size))] };
}
