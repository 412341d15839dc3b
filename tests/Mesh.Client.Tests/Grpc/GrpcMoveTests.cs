namespace Mesh.Client.Tests.Grpc;

/// <summary>What surely was not processed goes elsewhere, free of charge and within bounds.</summary>
public sealed class GrpcMoveTests
{
    private const int RefusedStream = 7;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SendAsync_Refused_GoesOverAllEndpointsWithoutBudgetAndPastMaxAttempts()
    {
        using ScriptedMesh mesh = Of(4, maxAttempts: 2);
        Refuse(mesh, 1, 2, 3);
        mesh[4].Reply(static _ => GrpcMesh.Messages(0));

        using HttpResponseMessage reply = await mesh.Invoker.SendAsync(GrpcMesh.Request(), Token);

        Assert.Equal(0, await GrpcMesh.StatusOf(reply));
        Assert.Equal([1, 1, 1, 1], Calls(mesh, 4));
        Assert.Equal(0, Failures(mesh, 1));

        // As in gRPC, what no server looked at is no attempt; whoever reads Envoy's header sees them all.
        Assert.False(mesh[4].Requests[0].Headers.ContainsKey("grpc-previous-rpc-attempts"));
        Assert.Equal("4", mesh[4].Requests[0].Headers["x-envoy-attempt-count"]);
    }

    [Fact]
    public async Task SendAsync_RefusedEverywhere_AsksEachEndpointOnce()
    {
        using ScriptedMesh mesh = Of(3, maxAttempts: 3);
        Refuse(mesh, 1, 2, 3);

        using HttpResponseMessage reply = await mesh.Invoker.SendAsync(GrpcMesh.Request(), Token);

        Assert.Equal(14, await GrpcMesh.StatusOf(reply));
        Assert.Equal([1, 1, 1], Calls(mesh, 3));
    }

    [Fact]
    public async Task SendAsync_RefusedByALargeFleet_IsGivenUpAfterEightMoves()
    {
        using ScriptedMesh mesh = Of(20, maxAttempts: 3);
        Refuse(mesh, [.. Enumerable.Range(1, 20)]);

        using HttpResponseMessage reply = await mesh.Invoker.SendAsync(GrpcMesh.Request(), Token);

        Assert.Equal(14, await GrpcMesh.StatusOf(reply));
        Assert.Equal(9, Calls(mesh, 20).Sum());
    }

    [Fact]
    public async Task SendAsync_RefusedWithRetriesOff_IsNotSentAgain()
    {
        using ScriptedMesh mesh = Of(2, maxAttempts: 1);
        Refuse(mesh, 1, 2);

        using HttpResponseMessage reply = await mesh.Invoker.SendAsync(GrpcMesh.Request(), Token);

        Assert.Equal([1, 0], Calls(mesh, 2));
    }

    [Fact]
    public async Task SendAsync_NoConnection_GoesElsewhereWithoutBudgetAndCountsAgainstTheEndpoint()
    {
        using ScriptedMesh mesh = Of(4, maxAttempts: 3);
        foreach (int number in new[] { 1, 2, 3, 4 })
        {
            mesh[number].RefuseConnection();
        }

        using HttpResponseMessage reply = await mesh.Invoker.SendAsync(GrpcMesh.Request(), Token);

        Assert.Equal(14, await GrpcMesh.StatusOf(reply));
        Assert.Equal([1, 1, 1, 0], Calls(mesh, 4));
        Assert.Equal(1, Failures(mesh, 1));
    }

    [Fact]
    public async Task SendAsync_UnavailableWithoutBudget_IsNotSentAgain()
    {
        using ScriptedMesh mesh = Of(2, maxAttempts: 3);
        mesh[1].Reply(static _ => GrpcMesh.Status(14));

        using HttpResponseMessage reply = await mesh.Invoker.SendAsync(GrpcMesh.Request(), Token);

        Assert.Equal(14, await GrpcMesh.StatusOf(reply));
        Assert.Equal([1, 0], Calls(mesh, 2));
    }

    // There is no budget, and a wait would never end under the manual clock.
    private static ScriptedMesh Of(int endpoints, int maxAttempts) => new(
        o =>
        {
            (o.Retry.MaxAttempts, o.Retry.BudgetRatio, o.Retry.BudgetMinPerSecond) = (maxAttempts, 0, 0);
            (o.Retry.BaseDelay, o.Retry.MaxDelay) = (TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
        },
        [.. Enumerable.Range(1, endpoints).Select(static number => $"10.0.0.{number}:80")]);

    private static void Refuse(ScriptedMesh mesh, params int[] numbers)
    {
        foreach (int number in numbers)
        {
            mesh[number].Reply(static _ => throw new HttpRequestException("refused", new HttpProtocolException(RefusedStream, "refused", null))).Always();
        }
    }

    private static long Failures(ScriptedMesh mesh, int number) => mesh.Node($"10.0.0.{number}:80").Breaker.Sum(mesh.Clock.GetTimestamp()).Failures;

    private static int[] Calls(ScriptedMesh mesh, int endpoints) => [.. Enumerable.Range(1, endpoints).Select(number => mesh[number].Calls)];
}
