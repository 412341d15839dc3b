using Mesh.IntegrationTests.Grpc.Messages;
using Mesh.IntegrationTests.Grpc.Peers;
using Mesh.IntegrationTests.Grpc.Support;

namespace Mesh.IntegrationTests.Grpc.Interop;

/// <summary>What the server says of the end of a call.</summary>
[Collection(typeof(InteropCases))]
public sealed class InteropStatusTests(InteropPeers peers)
{
    [Theory]
    [MemberData(nameof(InteropPeers.Ways), MemberType = typeof(InteropPeers))]
    public async Task StatusCodeAndMessage_OfUnaryAndDuplex_ComeBack(PeerKind kind, bool tls, bool mesh)
    {
        GrpcCaller caller = await peers.CallerAsync(kind, tls, mesh);
        EchoStatus status = new() { Code = 2, Message = "test status message" };

        GrpcReply<SimpleResponse> unary = await caller.UnaryAsync(TestService.UnaryCall, new SimpleRequest { ResponseStatus = status });
        using GrpcCall<StreamingOutputCallRequest, StreamingOutputCallResponse> duplex = caller.Streaming(TestService.FullDuplexCall);
        Assert.True(await duplex.WriteAsync(new StreamingOutputCallRequest { ResponseStatus = status }));
        duplex.Complete();

        Assert.Empty(await duplex.AllAsync());
        Assert.Equal((GrpcCode.Unknown, status.Message), (unary.Code, unary.Detail));
        Assert.Equal(new GrpcStatus(GrpcCode.Unknown, status.Message), duplex.Status);
    }

    [Theory]
    [MemberData(nameof(InteropPeers.Ways), MemberType = typeof(InteropPeers))]
    public async Task SpecialStatusMessage_WithWhitespaceAndUnicode_ComesBack(PeerKind kind, bool tls, bool mesh)
    {
        GrpcCaller caller = await peers.CallerAsync(kind, tls, mesh);
        EchoStatus status = new() { Code = 2, Message = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n" };

        GrpcReply<SimpleResponse> reply = await caller.UnaryAsync(TestService.UnaryCall, new SimpleRequest { ResponseStatus = status });

        Assert.Equal((GrpcCode.Unknown, status.Message), (reply.Code, reply.Detail));
    }
}
