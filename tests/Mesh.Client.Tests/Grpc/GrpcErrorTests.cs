using System.Net;

namespace Mesh.Client.Tests.Grpc;

public sealed class GrpcErrorTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SendAsync_NoEndpoint_IsUnavailable()
    {
        using ScriptedMesh mesh = GrpcMesh.Of();
        mesh.Registry.Remove("orders");

        await IsStatusAsync(mesh, GrpcMesh.Request(), 14, "orders");
    }

    [Fact]
    public async Task SendAsync_NobodyListens_IsUnavailable()
    {
        using ScriptedMesh mesh = GrpcMesh.Of();
        foreach (int number in new[] { 1, 2, 3 })
        {
            mesh[number].RefuseConnection().Always();
        }

        await IsStatusAsync(mesh, GrpcMesh.Request(), 14, "refuse");
    }

    [Fact]
    public async Task SendAsync_DeadlineOverAlready_IsNotSent()
    {
        using ScriptedMesh mesh = GrpcMesh.Of();

        await IsStatusAsync(mesh, GrpcMesh.Request(timeout: "0n"), 4, "over");

        Assert.Equal(0, mesh[1].Calls);
    }

    [Fact]
    public async Task SendAsync_AttemptTimeout_IsDeadlineExceededAndNotCancelled()
    {
        using ScriptedMesh mesh = GrpcMesh.Of();
        mesh[1].Hang().Always();

        Task check = IsStatusAsync(mesh, GrpcMesh.Request(), 4, "AttemptTimeout");
        await mesh.Clock.AdvanceUntilAsync(() => check.IsCompleted, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1), Token);
        await check;
        Assert.Equal(0, mesh.InFlight);
    }

    [Fact]
    public async Task SendAsync_GrpcTimeoutPasses_IsDeadlineExceededAndNotHeldAgainstTheEndpoint()
    {
        using ScriptedMesh mesh = GrpcMesh.Of();
        mesh[1].Hang().Always();

        Task check = IsStatusAsync(mesh, GrpcMesh.Request(timeout: "500m"), 4, "orders");
        await mesh.Clock.AdvanceUntilAsync(() => check.IsCompleted, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1), Token);
        await check;
        Assert.Equal(0, mesh.Node("10.0.0.1:80").Breaker.Sum(mesh.Clock.GetTimestamp()).Failures);
    }

    [Fact]
    public async Task SendAsync_StreamUnderWay_IsCutByNoTimeout()
    {
        using ScriptedMesh mesh = GrpcMesh.Of();
        mesh[1].Reply(static _ => GrpcMesh.Messages(0)).Always();
        var messages = new StreamContentOfMessages();

        Task<HttpResponseMessage> sending = mesh.Invoker.SendAsync(GrpcMesh.Request(messages), Token);
        Stream stream = await messages.Open;
        mesh.Clock.Advance(TimeSpan.FromMinutes(5));
        await stream.WriteAsync(new byte[] { 0, 0, 0, 0, 0 }, Token);
        messages.End();

        using HttpResponseMessage reply = await sending;
        Assert.Equal(0, await GrpcMesh.StatusOf(reply));
    }

    [Fact]
    public async Task SendAsync_CallerCancels_PassesThrough()
    {
        using ScriptedMesh mesh = GrpcMesh.Of();
        mesh[1].Hang().Always();
        using var cancel = new CancellationTokenSource();

        Task<HttpResponseMessage> sending = mesh.Invoker.SendAsync(GrpcMesh.Request(), cancel.Token);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.Equal(0, mesh.InFlight);
    }

    [Fact]
    public async Task SendAsync_MessageThatCannotBeWritten_IsTheCallersOwnError()
    {
        using ScriptedMesh mesh = GrpcMesh.Of();
        mesh[1].Reply(static _ => GrpcMesh.Messages(0));
        var content = new Pipeline.PushContent(static _ => throw new InvalidDataException("no message"));
        content.Headers.TryAddWithoutValidation("Content-Type", "application/grpc");

        Exception error = await Assert.ThrowsAnyAsync<Exception>(() => mesh.Invoker.SendAsync(GrpcMesh.Request(content), Token));

        Assert.IsType<InvalidDataException>(error.GetBaseException());
        Assert.Equal(0, mesh.InFlight);
    }

    private static async Task IsStatusAsync(ScriptedMesh mesh, HttpRequestMessage request, int status, string word)
    {
        using HttpResponseMessage reply = await mesh.Invoker.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        Assert.Equal(status, await GrpcMesh.StatusOf(reply));
        Assert.Contains(word, Assert.Single(reply.Headers.GetValues("grpc-message")), StringComparison.OrdinalIgnoreCase);
    }
}
