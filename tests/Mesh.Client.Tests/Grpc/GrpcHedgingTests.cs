namespace Mesh.Client.Tests.Grpc;

public sealed class GrpcHedgingTests
{
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(10);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SendAsync_SlowUnaryCall_IsSentBesideWithTheSameMessage()
    {
        using ScriptedMesh mesh = GrpcMesh.Of(static o => o.Hedging.Delay = TimeSpan.FromMilliseconds(200));
        mesh[1].Hang();
        mesh[2].Reply(static _ => GrpcMesh.Messages(0));

        Task<HttpResponseMessage> sending = mesh.Invoker.SendAsync(GrpcMesh.Request(timeout: "5S"), Token);
        await mesh.Clock.AdvanceUntilAsync(() => sending.IsCompleted, s_step, TimeSpan.FromSeconds(5), Token);
        using HttpResponseMessage reply = await sending;

        Assert.Equal(0, await GrpcMesh.StatusOf(reply));
        Assert.Equal(mesh[1].Requests[0].Body.ToArray(), mesh[2].Requests[0].Body.ToArray());
        Assert.Equal("1", mesh[2].Requests[0].Headers["grpc-previous-rpc-attempts"]);
        Assert.Equal("4800000u", mesh[2].Requests[0].Headers["grpc-timeout"]);
    }

    [Fact]
    public async Task SendAsync_SlowStream_IsNotSentBeside()
    {
        using ScriptedMesh mesh = GrpcMesh.Of(static o => o.Hedging.Delay = TimeSpan.FromMilliseconds(200));
        mesh[1].Reply(static _ => GrpcMesh.Messages(0));
        var messages = new StreamContentOfMessages();

        Task<HttpResponseMessage> sending = mesh.Invoker.SendAsync(GrpcMesh.Request(messages), Token);
        await messages.Open;
        mesh.Clock.Advance(TimeSpan.FromSeconds(60));
        messages.End();
        using HttpResponseMessage reply = await sending;

        Assert.Equal(0, await GrpcMesh.StatusOf(reply));
        Assert.Equal((1, 0), (messages.Writes, mesh[2].Calls));
    }
}
