using Mesh.IntegrationTests.Grpc.Messages;
using Mesh.IntegrationTests.Grpc.Peers;
using Mesh.IntegrationTests.Grpc.Support;

namespace Mesh.IntegrationTests.Grpc.Interop;

/// <summary>One request, one response.</summary>
[Collection(typeof(InteropCases))]
public sealed class InteropUnaryTests(InteropPeers peers)
{
    private static readonly byte[] s_binary = [0xab, 0xab, 0xab];

    [Theory]
    [MemberData(nameof(InteropPeers.Ways), MemberType = typeof(InteropPeers))]
    public async Task EmptyUnary_OfNoBytes_Answers(PeerKind kind, bool tls, bool mesh)
    {
        GrpcCaller caller = await peers.CallerAsync(kind, tls, mesh);

        GrpcReply<Empty> reply = await caller.UnaryAsync(TestService.EmptyCall, new Empty());

        Assert.Equal((GrpcCode.OK, new Empty()), (reply.Code, reply.Message));
    }

    [Theory]
    [MemberData(nameof(InteropPeers.Ways), MemberType = typeof(InteropPeers))]
    public async Task LargeUnary_BothWays_ArrivesWhole(PeerKind kind, bool tls, bool mesh)
    {
        GrpcCaller caller = await peers.CallerAsync(kind, tls, mesh);

        GrpcReply<SimpleResponse> reply = await caller.UnaryAsync(TestService.UnaryCall, new SimpleRequest { ResponseSize = 314159, Payload = InteropPayload.Zeros(271828) });

        Assert.Equal(GrpcCode.OK, reply.Code);
        Assert.Equal(InteropPayload.Zeros(314159), reply.Message!.Payload);
    }

    [Theory]
    [MemberData(nameof(InteropPeers.Ways), MemberType = typeof(InteropPeers))]
    public async Task CustomMetadata_OfUnaryAndDuplex_ComesBackInHeadersAndTrailers(PeerKind kind, bool tls, bool mesh)
    {
        GrpcCaller caller = await peers.CallerAsync(kind, tls, mesh);
        GrpcCallOptions options = new() { Metadata = [("x-grpc-test-echo-initial", "test_initial_metadata_value"), ("x-grpc-test-echo-trailing-bin", GrpcMetadata.OfBytes(s_binary))] };

        GrpcReply<SimpleResponse> unary = await caller.UnaryAsync(TestService.UnaryCall, new SimpleRequest { ResponseSize = 314159, Payload = InteropPayload.Zeros(271828) }, options);
        using GrpcCall<StreamingOutputCallRequest, StreamingOutputCallResponse> duplex = caller.Streaming(TestService.FullDuplexCall, options);
        Assert.True(await duplex.WriteAsync(new StreamingOutputCallRequest { ResponseParameters = { new ResponseParameters { Size = 314159 } }, Payload = InteropPayload.Zeros(271828) }));
        duplex.Complete();
        Assert.Single(await duplex.AllAsync());

        Assert.Equal((GrpcCode.OK, GrpcCode.OK), (unary.Code, duplex.Status!.Value.Code));
        Assert.All([unary.Headers, duplex.Headers], static headers => Assert.Equal("test_initial_metadata_value", headers["x-grpc-test-echo-initial"]));
        Assert.All([unary.Trailers, duplex.Trailers], static trailers => Assert.Equal(s_binary, GrpcMetadata.ToBytes(trailers["x-grpc-test-echo-trailing-bin"])));
    }

    [Theory]
    [MemberData(nameof(InteropPeers.Ways), MemberType = typeof(InteropPeers))]
    public async Task UnimplementedMethod_OfAServiceThatIsThere_IsUnimplemented(PeerKind kind, bool tls, bool mesh)
    {
        GrpcCaller caller = await peers.CallerAsync(kind, tls, mesh);

        Assert.Equal(GrpcCode.Unimplemented, (await caller.UnaryAsync(TestService.UnimplementedCall, new Empty())).Code);
    }

    [Theory]
    [MemberData(nameof(InteropPeers.Ways), MemberType = typeof(InteropPeers))]
    public async Task UnimplementedService_OfAServerThatIsThere_IsUnimplemented(PeerKind kind, bool tls, bool mesh)
    {
        GrpcCaller caller = await peers.CallerAsync(kind, tls, mesh);

        Assert.Equal(GrpcCode.Unimplemented, (await caller.UnaryAsync(TestService.UnimplementedService, new Empty())).Code);
    }
}
