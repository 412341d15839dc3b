using Mesh.Client.Options;
using Mesh.Client.Tests.Pipeline;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.Tests.Grpc;

/// <summary>Replies that break off after their headers, where a call may run twice.</summary>
public sealed class GrpcWholeReplyTests
{
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    public async Task SendAsync_BreaksOffAfterHeaders_GoesElsewhere(int bytes)
    {
        using ScriptedMesh mesh = GrpcMesh.Of(MayRunTwice);
        GatedStream broken = new GatedStream().Release(bytes).Fail(new HttpIOException(HttpRequestError.ResponseEnded));
        mesh[1].Reply(_ => GrpcMesh.Messages(null, broken));
        mesh[2].Reply(static _ => GrpcMesh.Messages(0));

        using HttpResponseMessage reply = await mesh.Invoker.SendAsync(GrpcMesh.Request(), Token);

        Assert.Equal([0, 0, 0, 0, 1, 42], await reply.Content.ReadAsByteArrayAsync(Token));
        Assert.Equal(0, await GrpcMesh.StatusOf(reply));
        Assert.Equal((1, 1, 0), (mesh[1].Calls, mesh[2].Calls, mesh.InFlight));
        Assert.Equal(1, mesh.Node("10.0.0.1:80").Breaker.Sum(mesh.Clock.GetTimestamp()).Failures);
        Assert.True(broken.IsDisposed);
    }

    [Fact]
    public async Task SendAsync_BreaksOffEverywhere_IsUnavailable()
    {
        using ScriptedMesh mesh = GrpcMesh.Of(MayRunTwice);
        foreach (int number in new[] { 1, 2, 3 })
        {
            mesh[number].Reply(static _ => GrpcMesh.Messages(null, new GatedStream().Fail(new HttpIOException(HttpRequestError.ResponseEnded))));
        }

        using HttpResponseMessage reply = await mesh.Invoker.SendAsync(GrpcMesh.Request(), Token);

        Assert.Equal(14, await GrpcMesh.StatusOf(reply));
        Assert.Equal((1, 1, 1), (mesh[1].Calls, mesh[2].Calls, mesh[3].Calls));
    }

    [Fact]
    public async Task SendAsync_BreaksOffWhereMethodsMustNotRunTwice_IsTheCallersToSee()
    {
        using ScriptedMesh mesh = GrpcMesh.Of();
        mesh[1].Reply(static _ => GrpcMesh.Messages(null, new GatedStream().Fail(new HttpIOException(HttpRequestError.ResponseEnded))));

        using HttpResponseMessage reply = await mesh.Invoker.SendAsync(GrpcMesh.Request(), Token);

        await Assert.ThrowsAnyAsync<IOException>(async () => await (await reply.Content.ReadAsStreamAsync(Token)).ReadExactlyAsync(new byte[1], Token));
        Assert.Equal(1, mesh[1].Calls);
    }

    [Fact]
    public async Task SendAsync_Stream_IsHandedOnAfterAMomentAndLosesNothing()
    {
        using ScriptedMesh mesh = GrpcMesh.Of(MayRunTwice);
        var body = new GatedStream();
        mesh[1].Reply(_ => GrpcMesh.Messages(0, body.Release(10)));

        Task<HttpResponseMessage> sending = mesh.Invoker.SendAsync(GrpcMesh.Request(), Token);
        DateTimeOffset start = mesh.Clock.GetUtcNow();
        await mesh.Clock.AdvanceUntilAsync(() => sending.IsCompleted, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(1), Token);
        using HttpResponseMessage reply = await sending;

        Assert.InRange(mesh.Clock.GetUtcNow() - start, s_moment, 2 * s_moment);
        Assert.Equal(1, mesh.InFlight);
        await using Stream stream = await reply.Content.ReadAsStreamAsync(Token);
        await stream.ReadExactlyAsync(new byte[10], Token);
        body.Release(1000).End();
        using var rest = new MemoryStream();
        await stream.CopyToAsync(rest, Token);
        Assert.Equal((1000, 0), (rest.Length, mesh.InFlight));
    }

    [Fact]
    public async Task SendAsync_ReplyOverTheLimit_IsHandedOnAtOnceAndLosesNothing()
    {
        using ScriptedMesh mesh = GrpcMesh.Of(static o =>
        {
            MayRunTwice(o);
            o.Retry.MaxBufferedBody = 600;
        });
        byte[] body = [.. Enumerable.Range(0, 5000).Select(static i => (byte)i)];
        mesh[1].Reply(_ => GrpcMesh.Messages(0, new MemoryStream(body)));

        using HttpResponseMessage reply = await mesh.Invoker.SendAsync(GrpcMesh.Request(), Token);

        Assert.Equal(1, mesh.InFlight);
        Assert.Equal(body, await reply.Content.ReadAsByteArrayAsync(Token));
        Assert.Equal(0, mesh.InFlight);
    }

    [Fact]
    public async Task SendAsync_StreamOfWhichNothingIsRead_WaitsForTheReadThatIsUnderWay()
    {
        using ScriptedMesh mesh = GrpcMesh.Of(MayRunTwice);
        var body = new GatedStream();
        mesh[1].Reply(_ => GrpcMesh.Messages(0, body));
        Task<HttpResponseMessage> sending = mesh.Invoker.SendAsync(GrpcMesh.Request(), Token);
        await mesh.Clock.AdvanceUntilAsync(() => sending.IsCompleted, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(1), Token);
        using HttpResponseMessage reply = await sending;
        await using Stream stream = await reply.Content.ReadAsStreamAsync(Token);

        // As YARP does, which takes memory only when there is something to read.
        ValueTask<int> nothing = stream.ReadAsync(Memory<byte>.Empty, Token);
        Assert.False(nothing.IsCompleted);
        body.Release(10);

        Assert.Equal(0, await nothing);
        Assert.Equal(0, await stream.ReadAsync(Memory<byte>.Empty, Token));
        await stream.ReadExactlyAsync(new byte[10], Token);
        body.End();
        Assert.Equal(0, await stream.ReadAsync(new byte[1], Token));
    }

    [Fact]
    public async Task SendAsync_StreamThatBreaksOffLater_IsTheCallersToSee()
    {
        using ScriptedMesh mesh = GrpcMesh.Of(MayRunTwice);
        var body = new GatedStream();
        mesh[1].Reply(_ => GrpcMesh.Messages(null, body));

        Task<HttpResponseMessage> sending = mesh.Invoker.SendAsync(GrpcMesh.Request(), Token);
        await mesh.Clock.AdvanceUntilAsync(() => sending.IsCompleted, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(1), Token);
        using HttpResponseMessage reply = await sending;
        body.Fail(new HttpIOException(HttpRequestError.ResponseEnded));

        await using Stream stream = await reply.Content.ReadAsStreamAsync(Token);
        await Assert.ThrowsAnyAsync<IOException>(async () => await stream.ReadExactlyAsync(new byte[1], Token));
        Assert.Equal((1, 0, 0), (mesh[1].Calls, mesh[2].Calls, mesh.InFlight));
        Assert.Equal(1, mesh.Node("10.0.0.1:80").Breaker.Sum(mesh.Clock.GetTimestamp()).Failures);
    }

    [Fact]
    public async Task SendAsync_CallerGivesUpInTheMoment_IsCancelled()
    {
        using ScriptedMesh mesh = GrpcMesh.Of(MayRunTwice);
        var body = new GatedStream();
        mesh[1].Reply(_ => GrpcMesh.Messages(null, body));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Token);

        Task<HttpResponseMessage> sending = mesh.Invoker.SendAsync(GrpcMesh.Request(), end.Token);
        await Until.HoldsAsync(() => mesh[1].Calls == 1 && mesh[1].InFlight == 0);
        await end.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.Equal((1, 0, true), (mesh[1].Calls, mesh.InFlight, body.IsDisposed));
    }

    private static void MayRunTwice(ServiceOptions options) => options.Retry.NonIdempotent = true;
}
