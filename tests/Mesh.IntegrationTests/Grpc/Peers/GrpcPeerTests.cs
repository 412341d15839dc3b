using System.Net.Sockets;
using Mesh.IntegrationTests.Grpc.Messages;
using Mesh.IntegrationTests.Grpc.Support;

namespace Mesh.IntegrationTests.Grpc.Peers;

/// <summary>What tests of gRPC build on: the foreign peers do as they are told, and end with whoever started them.</summary>
public sealed class GrpcPeerTests
{
    public static TheoryData<PeerKind> Kinds => [PeerKind.Node, PeerKind.Python];

    [Theory]
    [InlineData(PeerKind.Node, "server")]
    [InlineData(PeerKind.Node, "breaker")]
    [InlineData(PeerKind.Node, "client")]
    [InlineData(PeerKind.Python, "server")]
    [InlineData(PeerKind.Python, "client")]
    public async Task Peer_WhoseStdinCloses_Ends(PeerKind kind, string program)
    {
        (PeerProcess process, _) = await PeerProcess.StartAsync(kind, program, new() { Target = "127.0.0.1:1" });
        await using PeerProcess owned = process;

        Assert.Equal(0, await process.EndAsync());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Plan_OfACall_IsForThatCallAlone(PeerKind kind)
    {
        await using GrpcPeer peer = await GrpcPeer.StartAsync(kind, new() { Name = "a" });
        using GrpcCaller caller = peer.CreateDirect();
        SimpleRequest request = new() { FillServerId = true };

        GrpcReply<SimpleResponse> failed = await caller.UnaryAsync(TestService.UnaryCall, request, With(new Plan { Status = 14, Message = "not now", PushbackMs = "20" }));
        GrpcReply<SimpleResponse> late = await caller.UnaryAsync(TestService.UnaryCall, request, With(new Plan { Status = 13, AfterMessages = 1, DelayMs = 20 }));
        GrpcReply<SimpleResponse> good = await caller.UnaryAsync(TestService.UnaryCall, request);

        Assert.Equal((GrpcCode.Unavailable, "not now", "14", "20"), (failed.Code, failed.Detail, failed.Headers["grpc-status"], failed.Trailers["grpc-retry-pushback-ms"]));
        Assert.Equal((GrpcCode.Internal, false, "13"), (late.Code, late.Headers.ContainsKey("grpc-status"), late.Trailers["grpc-status"]));
        Assert.Equal((GrpcCode.OK, "a"), (good.Code, good.Message!.ServerId));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Plan_OfAStream_EndsItAfterSoManyMessages(PeerKind kind)
    {
        await using GrpcPeer peer = await GrpcPeer.StartAsync(kind);
        using GrpcCaller caller = peer.CreateDirect();
        StreamingOutputCallRequest request = new() { ResponseParameters = { new ResponseParameters { Size = 1 }, new ResponseParameters { Size = 2 }, new ResponseParameters { Size = 3 } } };

        using GrpcCall<StreamingOutputCallRequest, StreamingOutputCallResponse> none = caller.ServerStreaming(TestService.StreamingOutputCall, request, With(new Plan { Status = 14 }));
        using GrpcCall<StreamingOutputCallRequest, StreamingOutputCallResponse> two = caller.ServerStreaming(TestService.StreamingOutputCall, request, With(new Plan { Status = 10, AfterMessages = 2 }));

        Assert.Empty(await none.AllAsync());
        Assert.Equal((GrpcCode.Unavailable, true), (none.Status!.Value.Code, none.Headers.ContainsKey("grpc-status")));
        Assert.Equal([1, 2], (await two.AllAsync()).Select(static m => m.Payload.Body.Length));
        Assert.Equal(GrpcCode.Aborted, two.Status!.Value.Code);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Plan_OfAPeer_IsForSoManyCalls(PeerKind kind)
    {
        await using GrpcPeer peer = await GrpcPeer.StartAsync(kind);
        using GrpcCaller caller = peer.CreateDirect();
        await peer.SetAsync(new Plan { Status = 14, Times = 2 });
        List<GrpcCode> codes = [];

        for (int i = 0; i < 3; i++)
        {
            codes.Add((await caller.UnaryAsync(TestService.EmptyCall, new Empty(), new() { Deadline = TimeSpan.FromSeconds(20), Metadata = [("x-a", "1")] })).Code);
        }

        Report report = await peer.ReportAsync();
        Assert.Equal([GrpcCode.Unavailable, GrpcCode.Unavailable, GrpcCode.OK], codes);
        Assert.Equal((3, 0), (report.Calls, report.Open));
        Assert.InRange(report.DeadlineMs, 1, 20_000);
        Assert.Contains("x-a: 1", report.Metadata);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Health_OfAPeer_IsCheckedAndWatched(PeerKind kind)
    {
        await using GrpcPeer peer = await GrpcPeer.StartAsync(kind);
        using GrpcCaller caller = peer.CreateDirect();
        HealthCheckRequest request = new() { Service = "a" };
        using GrpcCall<HealthCheckRequest, HealthCheckResponse> watch = caller.ServerStreaming(TestService.HealthWatch, request);

        Assert.Equal(GrpcCode.NotFound, (await caller.UnaryAsync(TestService.HealthCheck, request)).Code);
        Assert.Equal(ServingStatus.ServiceUnknown, (await watch.ReadAsync())?.Status);
        await peer.SetHealthAsync("a", ServingStatus.NotServing);

        Assert.Equal(ServingStatus.NotServing, (await watch.ReadAsync())?.Status);
        Assert.Equal(ServingStatus.NotServing, (await caller.UnaryAsync(TestService.HealthCheck, request)).Message?.Status);
        Assert.Equal(ServingStatus.Serving, (await caller.UnaryAsync(TestService.HealthCheck, new HealthCheckRequest())).Message?.Status);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task MaxStreams_OfAConnection_MakesCallsWait(PeerKind kind)
    {
        await using GrpcPeer peer = await GrpcPeer.StartAsync(kind, new() { MaxStreams = 2 });
        using var caller = new GrpcCaller(new SocketsHttpHandler { EnableMultipleHttp2Connections = false }, peer.Address);

        // The limit is known once the connection is.
        await caller.UnaryAsync(TestService.EmptyCall, new Empty());
        Task<GrpcReply<Empty>>[] calls = [.. Enumerable.Range(0, 4).Select(_ => caller.UnaryAsync(TestService.EmptyCall, new Empty(), With(new Plan { DelayMs = 200 })))];
        int most = 0;
        while (!Array.TrueForAll(calls, static c => c.IsCompleted))
        {
            most = Math.Max(most, (await peer.ReportAsync()).Open);
        }

        Assert.All(await Task.WhenAll(calls), static reply => Assert.Equal(GrpcCode.OK, reply.Code));
        Assert.InRange(most, 1, 2);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task GoawayMs_OfAPeer_EndsConnectionsButNoCalls(PeerKind kind)
    {
        await using GrpcPeer peer = await GrpcPeer.StartAsync(kind, new() { GoawayMs = 100 });
        int connections = 0;
        using var caller = new GrpcCaller(
            new SocketsHttpHandler
            {
                ConnectCallback = async (context, cancellationToken) =>
                {
                    Interlocked.Increment(ref connections);
                    var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                    await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                    return new NetworkStream(socket, ownsSocket: true);
                },
            },
            peer.Address);

        while (Volatile.Read(ref connections) < 4)
        {
            Assert.Equal(GrpcCode.OK, (await caller.UnaryAsync(TestService.EmptyCall, new Empty(), With(new Plan { DelayMs = 5 }))).Code);
        }
    }

    private static GrpcCallOptions With(Plan plan) => new() { Metadata = [PeerOptions.Header(plan)] };
}
