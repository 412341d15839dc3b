using Mesh.IntegrationTests.Grpc.Messages;
using Mesh.IntegrationTests.Grpc.Peers;

namespace Mesh.IntegrationTests.Grpc.Support;

/// <summary>The bodies play the parts of Grpc.Net.Client's when a request is sent a second time.</summary>
public sealed class ContentTests
{
    [Theory]
    [MemberData(nameof(GrpcPeerTests.Kinds), MemberType = typeof(GrpcPeerTests))]
    public async Task Unary_SentTwice_IsWholeBothTimes(PeerKind kind)
    {
        await using GrpcPeer peer = await FailingOnceAsync(kind);
        using var caller = new GrpcCaller(new Twice(new SocketsHttpHandler()), peer.Address);
        using GrpcCall<SimpleRequest, SimpleResponse> call = caller.ServerStreaming(TestService.UnaryCall, new SimpleRequest { ResponseSize = 3 });

        GrpcReply<SimpleResponse> reply = await call.SingleAsync();

        Assert.Equal((GrpcCode.OK, 3, 2), (reply.Code, reply.Message?.Payload.Body.Length, call.Serializations));
    }

    [Theory]
    [MemberData(nameof(GrpcPeerTests.Kinds), MemberType = typeof(GrpcPeerTests))]
    public async Task UnaryThatSerializesOnce_SentTwice_IsEmptyTheSecondTime(PeerKind kind)
    {
        await using GrpcPeer peer = await FailingOnceAsync(kind);
        using var caller = new GrpcCaller(new Twice(new SocketsHttpHandler()), peer.Address);

        // A body without a message: grpc-js refuses it, grpcio waits for more until the deadline, and ASP.NET Core answers Internal "Incomplete message".
        (TimeSpan deadline, GrpcCode expected) = kind is PeerKind.Node ? (TimeSpan.FromSeconds(20), GrpcCode.Unimplemented) : (TimeSpan.FromMilliseconds(500), GrpcCode.DeadlineExceeded);
        GrpcReply<SimpleResponse> reply = await caller.UnaryAsync(TestService.UnaryCall, new SimpleRequest { ResponseSize = 3 }, new() { SerializesOnce = true, Deadline = deadline });

        Assert.Equal(expected, reply.Code);
    }

    [Theory]
    [MemberData(nameof(GrpcPeerTests.Kinds), MemberType = typeof(GrpcPeerTests))]
    public async Task UnaryThatSerializesOnce_Buffered_IsWholeBothTimes(PeerKind kind)
    {
        await using GrpcPeer peer = await FailingOnceAsync(kind);
        using var caller = new GrpcCaller(new Twice(new SocketsHttpHandler(), buffer: true), peer.Address);

        GrpcReply<SimpleResponse> reply = await caller.UnaryAsync(TestService.UnaryCall, new SimpleRequest { ResponseSize = 3 }, new() { SerializesOnce = true });

        Assert.Equal((GrpcCode.OK, 3), (reply.Code, reply.Message?.Payload.Body.Length));
    }

    [Theory]
    [MemberData(nameof(GrpcPeerTests.Kinds), MemberType = typeof(GrpcPeerTests))]
    public async Task Push_SentTwice_HangsUntilTheDeadline(PeerKind kind)
    {
        await using GrpcPeer peer = await FailingOnceAsync(kind);
        using var caller = new GrpcCaller(new Twice(new SocketsHttpHandler()), peer.Address);
        using GrpcCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call = caller.Streaming(TestService.FullDuplexCall, new() { Deadline = TimeSpan.FromMilliseconds(500) });

        await call.WriteAsync(new StreamingOutputCallRequest { ResponseParameters = { new ResponseParameters { Size = 1 } } });

        Assert.Empty(await call.AllAsync());
        Assert.Equal((GrpcCode.DeadlineExceeded, 2), (call.Status!.Value.Code, call.Serializations));
    }

    [Fact]
    public async Task Push_ToAClosedPort_IsNotSerialized()
    {
        int port = Consul.Servers.ConsulServer.FreePorts(1)[0];
        using var caller = new GrpcCaller(new SocketsHttpHandler(), $"http://127.0.0.1:{port}");
        using GrpcCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call = caller.Streaming(TestService.FullDuplexCall);

        Assert.Empty(await call.AllAsync());
        Assert.Equal((GrpcCode.Unavailable, 0), (call.Status!.Value.Code, call.Serializations));
    }

    private static async Task<GrpcPeer> FailingOnceAsync(PeerKind kind)
    {
        GrpcPeer peer = await GrpcPeer.StartAsync(kind);
        await peer.SetAsync(new Plan { Status = 14, Times = 1 });
        return peer;
    }
}
