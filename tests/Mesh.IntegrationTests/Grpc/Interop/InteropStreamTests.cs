using Mesh.IntegrationTests.Grpc.Messages;
using Mesh.IntegrationTests.Grpc.Peers;
using Mesh.IntegrationTests.Grpc.Support;

namespace Mesh.IntegrationTests.Grpc.Interop;

/// <summary>Streams of requests, of responses, and of both.</summary>
[Collection(typeof(InteropCases))]
public sealed class InteropStreamTests(InteropPeers peers)
{
    private static readonly int[] s_requests = [27182, 8, 1828, 45904];
    private static readonly int[] s_responses = [31415, 9, 2653, 58979];

    [Theory]
    [MemberData(nameof(InteropPeers.Ways), MemberType = typeof(InteropPeers))]
    public async Task ClientStreaming_OfFourRequests_ArriveWhole(PeerKind kind, bool tls, bool mesh)
    {
        GrpcCaller caller = await peers.CallerAsync(kind, tls, mesh);
        using GrpcCall<StreamingInputCallRequest, StreamingInputCallResponse> call = caller.Streaming(TestService.StreamingInputCall);

        foreach (int size in s_requests)
        {
            Assert.True(await call.WriteAsync(new StreamingInputCallRequest { Payload = InteropPayload.Zeros(size) }));
        }

        call.Complete();
        GrpcReply<StreamingInputCallResponse> reply = await call.SingleAsync();

        Assert.Equal((GrpcCode.OK, 74922), (reply.Code, reply.Message?.AggregatedPayloadSize));
    }

    [Theory]
    [MemberData(nameof(InteropPeers.Ways), MemberType = typeof(InteropPeers))]
    public async Task ServerStreaming_OfFourResponses_ArriveWholeAndInOrder(PeerKind kind, bool tls, bool mesh)
    {
        GrpcCaller caller = await peers.CallerAsync(kind, tls, mesh);
        StreamingOutputCallRequest request = new() { ResponseParameters = { s_responses.Select(static size => new ResponseParameters { Size = size }) } };
        using GrpcCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call = caller.ServerStreaming(TestService.StreamingOutputCall, request);

        List<StreamingOutputCallResponse> responses = await call.AllAsync();

        Assert.Equal(GrpcCode.OK, call.Status!.Value.Code);
        Assert.Equal(s_responses, responses.Select(static r => r.Payload.Body.Length));
    }

    [Theory]
    [MemberData(nameof(InteropPeers.Ways), MemberType = typeof(InteropPeers))]
    public async Task PingPong_OfFourRounds_AnswersEachBeforeTheNext(PeerKind kind, bool tls, bool mesh)
    {
        GrpcCaller caller = await peers.CallerAsync(kind, tls, mesh);
        using GrpcCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call = caller.Streaming(TestService.FullDuplexCall);

        foreach ((int request, int response) in s_requests.Zip(s_responses))
        {
            Assert.True(await call.WriteAsync(Ping(request, response)));
            Assert.Equal(response, (await call.ReadAsync())?.Payload.Body.Length);
        }

        call.Complete();

        Assert.Null(await call.ReadAsync());
        Assert.Equal(GrpcCode.OK, call.Status!.Value.Code);
    }

    [Theory]
    [MemberData(nameof(InteropPeers.Ways), MemberType = typeof(InteropPeers))]
    public async Task EmptyStream_OfNoMessages_IsOK(PeerKind kind, bool tls, bool mesh)
    {
        GrpcCaller caller = await peers.CallerAsync(kind, tls, mesh);
        using GrpcCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call = caller.Streaming(TestService.FullDuplexCall);

        call.Complete();

        Assert.Empty(await call.AllAsync());
        Assert.Equal(GrpcCode.OK, call.Status!.Value.Code);
    }

    [Theory]
    [MemberData(nameof(InteropPeers.Ways), MemberType = typeof(InteropPeers))]
    public async Task CancelAfterBegin_BeforeAnyMessage_IsCancelled(PeerKind kind, bool tls, bool mesh)
    {
        GrpcCaller caller = await peers.CallerAsync(kind, tls, mesh);
        using GrpcCall<StreamingInputCallRequest, StreamingInputCallResponse> call = caller.Streaming(TestService.StreamingInputCall);

        call.Cancel();

        Assert.Equal(GrpcCode.Cancelled, (await call.SingleAsync()).Code);
        await EndedAsync(kind, tls);
    }

    [Theory]
    [MemberData(nameof(InteropPeers.Ways), MemberType = typeof(InteropPeers))]
    public async Task CancelAfterFirstResponse_OfADuplex_IsCancelledOnBothSides(PeerKind kind, bool tls, bool mesh)
    {
        GrpcCaller caller = await peers.CallerAsync(kind, tls, mesh);
        GrpcPeer peer = await peers.PeerAsync(kind, tls);
        int before = (await peer.ReportAsync()).Cancelled;
        using GrpcCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call = caller.Streaming(TestService.FullDuplexCall);
        Assert.True(await call.WriteAsync(Ping(27182, 31415)));
        Assert.Equal(31415, (await call.ReadAsync())?.Payload.Body.Length);

        call.Cancel();

        Assert.Null(await call.ReadAsync());
        Assert.Equal(GrpcCode.Cancelled, call.Status!.Value.Code);
        await EndedAsync(kind, tls);
        Assert.True(kind is PeerKind.Python || (await peer.ReportAsync()).Cancelled == before + 1);
    }

    [Theory]
    [MemberData(nameof(InteropPeers.Ways), MemberType = typeof(InteropPeers))]
    public async Task TimeoutOnSleepingServer_OfADuplex_IsDeadlineExceeded(PeerKind kind, bool tls, bool mesh)
    {
        // On connections of its own: where its deadline passed first, grpcio 1.51 sends headers on a stream that it has ended, and the client closes the whole connection.
        using GrpcCaller caller = await peers.CreateAsync(kind, tls, mesh);
        using GrpcCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call = caller.Streaming(TestService.FullDuplexCall, new() { Deadline = TimeSpan.FromMilliseconds(1) });

        await call.WriteAsync(new StreamingOutputCallRequest { Payload = InteropPayload.Zeros(27182) });

        Assert.Empty(await call.AllAsync());
        Assert.Equal(GrpcCode.DeadlineExceeded, call.Status!.Value.Code);
        await EndedAsync(kind, tls);
    }

    private static StreamingOutputCallRequest Ping(int request, int response) =>
        new() { ResponseParameters = { new ResponseParameters { Size = response } }, Payload = InteropPayload.Zeros(request) };

    // No call stays open at the server once its caller has left it.
    private async Task EndedAsync(PeerKind kind, bool tls) => await (await peers.PeerAsync(kind, tls)).IdleAsync();
}
