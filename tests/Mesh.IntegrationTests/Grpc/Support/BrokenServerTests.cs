using Mesh.IntegrationTests.Grpc.Messages;
using Mesh.IntegrationTests.Grpc.Peers;

namespace Mesh.IntegrationTests.Grpc.Support;

/// <summary>Servers that break the protocol: the statuses that gRPC's "HTTP to gRPC status code mapping" and "gRPC over HTTP2" name, with the mesh between and without.</summary>
public sealed class BrokenServerTests(BrokenServer server) : IClassFixture<BrokenServer>
{
    [Theory]
    [InlineData("none", GrpcCode.OK)]
    [InlineData("trailers-only", GrpcCode.Unavailable)]
    [InlineData("status-in-trailers", GrpcCode.Unavailable)]
    [InlineData("status-after-message", GrpcCode.Unavailable)]
    [InlineData("bad-message", GrpcCode.Internal)]
    [InlineData("no-trailers", GrpcCode.Unknown)]
    [InlineData("no-message", GrpcCode.Internal)]
    [InlineData("bad-status", GrpcCode.Unknown)]
    [InlineData("unknown-status", GrpcCode.Unknown)]
    [InlineData("wrong-content-type", GrpcCode.Unknown)]
    [InlineData("no-content-type", GrpcCode.Unknown)]
    [InlineData("half-message", GrpcCode.Internal)]
    [InlineData("reset-before-headers", GrpcCode.Internal)]
    [InlineData("reset-mid-message", GrpcCode.Internal)]
    [InlineData("reset-cancel", GrpcCode.Cancelled)]
    [InlineData("reset-calm", GrpcCode.ResourceExhausted)]
    [InlineData("refuse", GrpcCode.Unavailable)]
    [InlineData("close-connection", GrpcCode.Unavailable)]
    [InlineData("http-400", GrpcCode.Internal)]
    [InlineData("http-401", GrpcCode.Unauthenticated)]
    [InlineData("http-403", GrpcCode.PermissionDenied)]
    [InlineData("http-404", GrpcCode.Unimplemented)]
    [InlineData("http-429", GrpcCode.Unavailable)]
    [InlineData("http-500", GrpcCode.Unknown)]
    [InlineData("http-502", GrpcCode.Unavailable)]
    [InlineData("http-503", GrpcCode.Unavailable)]
    [InlineData("http-504", GrpcCode.Unavailable)]
    [InlineData("silent", GrpcCode.DeadlineExceeded)]
    [InlineData("goaway-after", GrpcCode.OK)]
    public async Task Unary_AtABrokenServer_EndsWithTheStatusOfTheSpecification(string fault, GrpcCode expected)
    {
        GrpcPeer peer = await server.StartAsync();
        using GrpcCaller direct = peer.CreateDirect();
        using GrpcCaller mesh = GrpcMesh.Create([peer.Address]);
        GrpcCallOptions options = new() { Metadata = [("x-fault", fault)], Deadline = fault is "silent" ? TimeSpan.FromMilliseconds(100) : null };

        GrpcReply<Empty> before = await direct.UnaryAsync(TestService.EmptyCall, new Empty(), options);
        GrpcReply<Empty> through = await mesh.UnaryAsync(TestService.EmptyCall, new Empty(), options);

        Assert.True(before.Code == expected, $"directly: {before.Code} {before.Detail}");
        Assert.True(through.Code == expected, $"through the mesh: {through.Code} {through.Detail}");
    }

    [Theory]
    [InlineData("refuse")]
    [InlineData("trailers-only")]
    public Task Unary_NotTakenByOneEndpoint_IsAnsweredByTheOther(string fault) => AllAnsweredAsync(fault);

    [Fact(Skip = EngineGaps.GoawayGoesElsewhere)]
    public Task Unary_UnprocessedAtAGoaway_IsAnsweredByTheOther() => AllAnsweredAsync("goaway-unprocessed");

    // The specification says UNAVAILABLE; Grpc.Net.Client takes the NO_ERROR in it for INTERNAL.
    [Fact]
    public async Task Unary_UnprocessedAtAGoaway_IsUnavailableThroughTheMesh()
    {
        GrpcPeer peer = await server.StartAsync();
        using GrpcCaller direct = peer.CreateDirect();
        using GrpcCaller mesh = GrpcMesh.Create([peer.Address]);
        GrpcCallOptions options = new() { Metadata = [("x-fault", "goaway-unprocessed")] };

        Assert.Equal(GrpcCode.Internal, (await direct.UnaryAsync(TestService.EmptyCall, new Empty(), options)).Code);
        Assert.Equal(GrpcCode.Unavailable, (await mesh.UnaryAsync(TestService.EmptyCall, new Empty(), options)).Code);
    }

    [Fact]
    public async Task Unary_ToAServiceWithoutEndpoints_IsUnavailable()
    {
        using GrpcCaller mesh = GrpcMesh.Create([]);

        GrpcReply<Empty> reply = await mesh.UnaryAsync(TestService.EmptyCall, new Empty());

        Assert.Equal((GrpcCode.Unavailable, true), (reply.Code, reply.Detail.Contains("testservice", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Fault_ForSoManyCalls_IsOverThen()
    {
        await using GrpcPeer peer = await GrpcPeer.StartBreakerAsync("trailers-only", new() { Times = 1 });
        using GrpcCaller caller = peer.CreateDirect();

        GrpcCode first = (await caller.UnaryAsync(TestService.EmptyCall, new Empty())).Code;
        GrpcCode second = (await caller.UnaryAsync(TestService.EmptyCall, new Empty())).Code;
        GrpcCode asked = (await caller.UnaryAsync(TestService.EmptyCall, new Empty(), new() { Metadata = [("x-fault", "http-403")] })).Code;

        Assert.Equal([GrpcCode.Unavailable, GrpcCode.OK, GrpcCode.PermissionDenied], [first, second, asked]);
        Assert.Equal(3, (await peer.BreakerReportAsync()).GetProperty("calls").GetInt32());
    }

    private static async Task AllAnsweredAsync(string fault)
    {
        await using GrpcPeer broken = await GrpcPeer.StartBreakerAsync(fault);
        await using GrpcPeer good = await GrpcPeer.StartBreakerAsync();
        using GrpcCaller mesh = GrpcMesh.Create([broken.Address, good.Address]);

        for (int i = 0; i < 20; i++)
        {
            GrpcReply<Empty> reply = await mesh.UnaryAsync(TestService.EmptyCall, new Empty());
            Assert.True(reply.Code is GrpcCode.OK, $"{i}: {reply.Code} {reply.Detail}");
        }

        Assert.NotEqual(0, (await broken.BreakerReportAsync()).GetProperty("calls").GetInt32());
    }
}
