using Mesh.Client.Options;
using Mesh.IntegrationTests.Grpc.Messages;
using Mesh.IntegrationTests.Grpc.Peers;

namespace Mesh.IntegrationTests.Grpc.Support;

/// <summary>A GOAWAY in the face of a call: what surely was not processed goes elsewhere, what may have been does not.</summary>
public sealed class GoawayTests
{
    // What SocketsHttpHandler makes of one request that no connection takes: itself, and three more.
    private const int Tries = 4;

    [Fact]
    public async Task Unary_SurelyUnprocessed_IsAnsweredByTheOtherEndpoint()
    {
        await using var going = new GoawayServer(processed: false);
        await using GrpcPeer good = await GrpcPeer.StartBreakerAsync();
        using GrpcCaller mesh = GrpcMesh.Create([going.Address, good.Address], null, InTurn);

        for (int i = 0; i < 20; i++)
        {
            GrpcReply<Empty> reply = await mesh.UnaryAsync(TestService.EmptyCall, new Empty());
            Assert.True(reply.Code is GrpcCode.OK, $"{i}: {reply.Code} {reply.Detail}");
        }

        // It is not held against the endpoint, which has its turn to the last.
        Assert.InRange(going.Calls, 10 * Tries, 20 * Tries);
    }

    [Fact]
    public async Task Unary_MaybeProcessed_IsNotSentAgain()
    {
        await using var going = new GoawayServer(processed: true);
        await using GrpcPeer good = await GrpcPeer.StartBreakerAsync();
        using GrpcCaller mesh = GrpcMesh.Create([going.Address, good.Address], null, InTurn);
        List<GrpcCode> codes = [];

        for (int i = 0; i < 20; i++)
        {
            codes.Add((await mesh.UnaryAsync(TestService.EmptyCall, new Empty())).Code);
        }

        Assert.Equal((10, 10), (codes.Count(static c => c is GrpcCode.OK), codes.Count(static c => c is GrpcCode.Unavailable)));
        Assert.Equal(10, going.Calls);
    }

    [Fact]
    public async Task Unary_MaybeProcessedWhereMethodsMayRunTwice_IsAnsweredByTheOtherEndpoint()
    {
        await using var going = new GoawayServer(processed: true);
        await using GrpcPeer good = await GrpcPeer.StartBreakerAsync();
        using GrpcCaller mesh = GrpcMesh.Create([going.Address, good.Address], null, static o =>
        {
            InTurn(o);
            o.Retry.NonIdempotent = true;
        });

        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(GrpcCode.OK, (await mesh.UnaryAsync(TestService.EmptyCall, new Empty())).Code);
        }

        Assert.InRange(going.Calls, 10, 20);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Unary_EveryConnectionGoesAway_EndsAfterFourConnectionsOfEachAttemptAtMost(bool atOnce)
    {
        await using var going = new GoawayServer(processed: false, atOnce);
        using GrpcCaller direct = new(new SocketsHttpHandler(), going.Address);
        using GrpcCaller mesh = GrpcMesh.Create([going.Address]);

        GrpcCode before = (await direct.UnaryAsync(TestService.EmptyCall, new Empty())).Code;
        int alone = going.Connections;
        GrpcCode through = (await mesh.UnaryAsync(TestService.EmptyCall, new Empty(), new() { Deadline = TimeSpan.FromSeconds(20) })).Code;

        // Grpc.Net.Client takes the NO_ERROR in it for INTERNAL.
        Assert.True(before is GrpcCode.Internal or GrpcCode.Unavailable, before.ToString());
        Assert.Equal(GrpcCode.Unavailable, through);
        Assert.InRange(alone, 1, Tries);
        Assert.InRange(going.Connections - alone, 1, 3 * Tries);
    }

    [Fact]
    public async Task Stream_SurelyUnprocessed_EndsAtOnceInsteadOfHanging()
    {
        await using var going = new GoawayServer(processed: false);
        using GrpcCaller mesh = GrpcMesh.Create([going.Address]);
        using GrpcCall<StreamingOutputCallRequest, StreamingOutputCallResponse> duplex = mesh.Streaming(TestService.FullDuplexCall, new() { Deadline = TimeSpan.FromSeconds(20) });

        await duplex.WriteAsync(new StreamingOutputCallRequest());

        Assert.Empty(await duplex.AllAsync());
        Assert.Equal(GrpcCode.Unavailable, duplex.Status!.Value.Code);
    }

    // Each second call is sent again here: the budget is not what is tried.
    private static void InTurn(ServiceOptions options) => (options.LoadBalancing.Policy, options.Retry.BudgetMinPerSecond) = ("RoundRobin", 1000);
}
