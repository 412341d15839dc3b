
namespace Mesh.Client.Tests.Grpc;

public sealed class GrpcRetryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(14, 2)]
    [InlineData(13, 1)]
    [InlineData(8, 1)]
    [InlineData(5, 1)]
    [InlineData(4, 1)]
    public async Task SendAsync_StatusAlone_IsSentAgainOnlyIfUnavailable(int status, int attempts)
    {
        using ScriptedMesh mesh = GrpcMesh.Of();
        mesh[1].Reply(_ => GrpcMesh.Status(status)).Always();
        mesh[2].Reply(static _ => GrpcMesh.Messages(0)).Always();

        using HttpResponseMessage reply = await mesh.Invoker.SendAsync(GrpcMesh.Request(), Token);

        Assert.Equal(attempts == 2 ? 0 : status, await GrpcMesh.StatusOf(reply));
        Assert.Equal(attempts, mesh[1].Calls + mesh[2].Calls);
        Assert.Equal(0, mesh.InFlight);
    }

    [Fact]
    public async Task SendAsync_StatusesByConfiguration_AreSentAgain()
    {
        using ScriptedMesh mesh = GrpcMesh.Of(static o => o.Retry.On = ["resource-exhausted"]);
        mesh[1].Reply(static _ => GrpcMesh.Status(8));
        mesh[2].Reply(static _ => GrpcMesh.Status(14));

        using HttpResponseMessage reply = await mesh.Invoker.SendAsync(GrpcMesh.Request(), Token);

        Assert.Equal(14, await GrpcMesh.StatusOf(reply));
        Assert.Equal([1, 1, 0], Calls(mesh));
    }

    [Fact]
    public async Task SendAsync_UnavailableAfterMessages_IsTheCallersToSee()
    {
        using ScriptedMesh mesh = GrpcMesh.Of();
        mesh[1].Reply(static _ => GrpcMesh.Messages(14));

        using HttpResponseMessage reply = await mesh.Invoker.SendAsync(GrpcMesh.Request(), Token);

        Assert.Equal(14, await GrpcMesh.StatusOf(reply));
        Assert.Equal([1, 0, 0], Calls(mesh));
        Assert.Equal(1, mesh.Node("10.0.0.1:80").Breaker.Sum(mesh.Clock.GetTimestamp()).Failures);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SendAsync_Again_CarriesTheSameMessageAndTheCountOfAttempts(bool onlyOnce)
    {
        using ScriptedMesh mesh = GrpcMesh.Of();
        mesh[1].Reply(static _ => GrpcMesh.Status(14));
        mesh[2].Reply(static _ => GrpcMesh.Status(14));
        mesh[3].Reply(static _ => GrpcMesh.Messages(0));
        HttpRequestMessage request = GrpcMesh.Request(new UnaryContent([0, 0, 0, 0, 2, 1, 2], onlyOnce), "5S");
        request.Headers.TryAddWithoutValidation("grpc-previous-rpc-attempts", "3");

        using HttpResponseMessage reply = await mesh.Invoker.SendAsync(request, Token);

        Assert.Equal(0, await GrpcMesh.StatusOf(reply));
        Assert.All(new[] { 1, 2, 3 }, number => Assert.Equal([0, 0, 0, 0, 2, 1, 2], mesh[number].Requests[0].Body.ToArray()));
        Assert.Equal(["3", "4", "5"], new[] { 1, 2, 3 }.Select(number => mesh[number].Requests[0].Headers["grpc-previous-rpc-attempts"]));
        Assert.Equal("3", Assert.Single(request.Headers.GetValues("grpc-previous-rpc-attempts")));
    }

    [Fact]
    public async Task SendAsync_Again_HasWhatIsLeftOfTheTimeout()
    {
        using ScriptedMesh mesh = GrpcMesh.Of(static o => o.Retry.On = ["unavailable"]);
        mesh[1].Delay(TimeSpan.FromSeconds(2)).Reply(static _ => GrpcMesh.Status(14));
        mesh[2].Reply(static _ => GrpcMesh.Messages(0));

        Task<HttpResponseMessage> sending = mesh.Invoker.SendAsync(GrpcMesh.Request(timeout: "5S"), Token);
        await mesh.Clock.AdvanceUntilAsync(() => sending.IsCompleted, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), Token);
        using HttpResponseMessage reply = await sending;

        Assert.Equal("5S", mesh[1].Requests[0].Headers["grpc-timeout"]);
        Assert.Equal("3000000u", mesh[2].Requests[0].Headers["grpc-timeout"]);
    }

    [Theory]
    [InlineData("-1", 1)]
    [InlineData("soon", 1)]
    [InlineData("", 1)]
    [InlineData("99999999", 1)]
    [InlineData("0", 2)]
    public async Task SendAsync_Pushback_IsHeeded(string pushback, int attempts)
    {
        using ScriptedMesh mesh = GrpcMesh.Of();
        mesh[1].Reply(_ => GrpcMesh.Status(14, pushback));
        mesh[2].Reply(static _ => GrpcMesh.Messages(0));

        using HttpResponseMessage reply = await mesh.Invoker.SendAsync(GrpcMesh.Request(), Token);

        Assert.Equal(attempts, mesh[1].Calls + mesh[2].Calls);
    }

    [Fact]
    public async Task SendAsync_PushbackOfASecond_IsWaitedFor()
    {
        using ScriptedMesh mesh = GrpcMesh.Of();
        mesh[1].Reply(static _ => GrpcMesh.Status(14, "1000"));
        mesh[2].Reply(static _ => GrpcMesh.Messages(0));
        DateTimeOffset start = mesh.Clock.GetUtcNow();

        Task<HttpResponseMessage> sending = mesh.Invoker.SendAsync(GrpcMesh.Request(), Token);
        await mesh.Clock.AdvanceUntilAsync(() => sending.IsCompleted, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1), Token);
        using HttpResponseMessage reply = await sending;

        Assert.Equal(TimeSpan.FromSeconds(1), mesh[2].Requests[0].ReceivedAt - start);
    }

    [Fact]
    public async Task SendAsync_GivenUp_ForbidsRetriesAbove()
    {
        using ScriptedMesh mesh = GrpcMesh.Of();
        foreach (int number in new[] { 1, 2, 3 })
        {
            mesh[number].Reply(static _ => GrpcMesh.Status(14, "0")).Always();
        }

        using HttpResponseMessage reply = await mesh.Invoker.SendAsync(GrpcMesh.Request(), Token);

        Assert.Equal("-1", Assert.Single(reply.Headers.GetValues("grpc-retry-pushback-ms")));
        Assert.Equal([1, 1, 1], Calls(mesh));
    }

    [Fact]
    public async Task SendAsync_StreamBegun_IsNotSentAgain()
    {
        using ScriptedMesh mesh = GrpcMesh.Of();
        mesh[1].Reply(static _ => GrpcMesh.Status(14));
        var messages = new StreamContentOfMessages();
        messages.End();

        using HttpResponseMessage reply = await mesh.Invoker.SendAsync(GrpcMesh.Request(messages), Token);

        Assert.Equal(14, await GrpcMesh.StatusOf(reply));
        Assert.Equal(1, messages.Writes);
        Assert.Equal([1, 0, 0], Calls(mesh));
    }

    [Fact]
    public async Task SendAsync_StreamNotBegun_GoesElsewhere()
    {
        using ScriptedMesh mesh = GrpcMesh.Of();
        mesh[1].RefuseConnection();
        mesh[2].Reply(static _ => GrpcMesh.Messages(0));
        var messages = new StreamContentOfMessages();
        messages.End();

        using HttpResponseMessage reply = await mesh.Invoker.SendAsync(GrpcMesh.Request(messages), Token);

        Assert.Equal(0, await GrpcMesh.StatusOf(reply));
        Assert.Equal([1, 1, 0], Calls(mesh));
    }

    [Fact]
    public async Task SendAsync_MessageOverTheLimit_IsNotSentAgain()
    {
        using ScriptedMesh mesh = GrpcMesh.Of(static o => o.Retry.MaxBufferedBody = 10);
        mesh[1].Reply(static _ => GrpcMesh.Status(14));

        using HttpResponseMessage reply = await mesh.Invoker.SendAsync(GrpcMesh.Request(new UnaryContent(new byte[11])), Token);

        Assert.Equal(14, await GrpcMesh.StatusOf(reply));
        Assert.Equal([1, 0, 0], Calls(mesh));
    }

    [Fact]
    public async Task SendAsync_Reset_IsUnavailableAndNotSentAgain()
    {
        using ScriptedMesh mesh = GrpcMesh.Of();
        mesh[1].Reset();

        using HttpResponseMessage reply = await mesh.Invoker.SendAsync(GrpcMesh.Request(), Token);

        Assert.Equal(14, await GrpcMesh.StatusOf(reply));
        Assert.Equal([1, 0, 0], Calls(mesh));
        Assert.Equal(1, mesh.Node("10.0.0.1:80").Breaker.Sum(mesh.Clock.GetTimestamp()).Failures);
    }

    [Fact]
    public async Task SendAsync_ResetWhereTheMethodsMayRunTwice_GoesElsewhere()
    {
        using ScriptedMesh mesh = GrpcMesh.Of(static o => o.Retry.NonIdempotent = true);
        mesh[1].Reset();
        mesh[2].Reply(static _ => GrpcMesh.Messages(0));

        using HttpResponseMessage reply = await mesh.Invoker.SendAsync(GrpcMesh.Request(), Token);

        Assert.Equal(0, await GrpcMesh.StatusOf(reply));
        Assert.Equal([1, 1, 0], Calls(mesh));
    }

    [Fact]
    public async Task SendAsync_MostCallsFail_TheThrottleStopsRetries()
    {
        using ScriptedMesh mesh = GrpcMesh.Of(static o =>
        {
            o.Retry.ThrottleTokens = 4;
            o.Retry.MaxAttempts = 2;
            o.CircuitBreaker.ConsecutiveFailures = 1000;
            o.CircuitBreaker.FailureRatio = 1;
            o.CircuitBreaker.MinimumThroughput = 1000;
        });
        mesh[1].Reply(static _ => GrpcMesh.Status(14)).Always();
        mesh[2].Reply(static _ => GrpcMesh.Messages(0)).Always();

        var attempts = new List<int>();
        for (int call = 0; call < 5; call++)
        {
            int before = mesh[1].Calls + mesh[2].Calls;
            using HttpResponseMessage reply = await mesh.Invoker.SendAsync(GrpcMesh.Request(), Token);
            await GrpcMesh.StatusOf(reply);
            attempts.Add(mesh[1].Calls + mesh[2].Calls - before);
        }

        // Each call fails once, which costs a token, and succeeds the second time, which brings a tenth back: 1, 1.9, and at 2.8 missing of 4 it stops.
        Assert.Equal([2, 2, 1, 1, 1], attempts);
    }

    private static int[] Calls(ScriptedMesh mesh) => [mesh[1].Calls, mesh[2].Calls, mesh[3].Calls];
}
