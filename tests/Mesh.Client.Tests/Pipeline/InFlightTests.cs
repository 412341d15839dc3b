using System.Globalization;
using Mesh.Client.Testing;
using Mesh.Client.Tests.Waiting;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.Tests.Pipeline;

/// <summary>Whatever ends a call, it counts out once: many calls at once over everything that can happen to one.</summary>
public sealed class InFlightTests
{
    private const int Callers = 100;
    private static readonly int Operations = Environment.GetEnvironmentVariable("MESH_LONG") == "1" ? 1_000_000 : 100_000;
    private static readonly long Seed = long.Parse(Environment.GetEnvironmentVariable("MESH_SEED") ?? "20", CultureInfo.InvariantCulture);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SendAsync_AnyEndOfACall_CountsOut(bool hedged)
    {
        TestContext.Current.TestOutputHelper!.WriteLine($"MESH_SEED={Seed}");
        var random = new SeededRandom(Seed);
        ScriptedMesh? made = null;
        using var mesh = made = new ScriptedMesh(
            options =>
            {
                options.Hedging.Delay = TimeSpan.FromMilliseconds(hedged ? 2 : 0);
                options.Hedging.MaxHedged = 2;
                options.LoadBalancing.Policy = "LeastRequest";
                options.Timeout = TimeSpan.FromMilliseconds(35);
                options.AttemptTimeout = TimeSpan.FromMilliseconds(30);
                options.CircuitBreaker.ConsecutiveFailures = 2;
                options.CircuitBreaker.BreakDuration = TimeSpan.FromMilliseconds(20);
                options.CircuitBreaker.MaxBreakDuration = TimeSpan.FromMilliseconds(40);
                options.Retry.BudgetRatio = 1;
                options.Retry.BaseDelay = TimeSpan.FromMilliseconds(1);
                options.Retry.MaxDelay = TimeSpan.FromMilliseconds(5);
            },
            [.. Enumerable.Range(1, 8).Select(static i => $"10.0.0.{i}:80")],
            m => m.UseOutcomeClassifier(new ThrowingClassifier()).UseTransport(_ => new ChaosHandler(random, made!.Clock)));
        using HttpMessageInvoker invoker = mesh.Invoker;
        var caller = new ChaosCaller(invoker, random);
        await caller.CallAsync();
        mesh.Clock.Advance(TimeSpan.FromSeconds(1));
        int timers = mesh.Clock.ActiveTimers;
        int left = Operations;

        Task calls = Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(
            async () =>
            {
                while (Interlocked.Decrement(ref left) >= 0)
                {
                    await caller.CallAsync();
                }
            },
            Token)));
        while (!calls.IsCompleted)
        {
            mesh.Clock.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Yield();
        }

        await calls;
        mesh.Clock.Advance(TimeSpan.FromSeconds(1));

        // An attempt that lost ends a little later than its call, and the clock of an attempt runs down after it.
        await Until.HoldsAsync(() => mesh.InFlight == 0);
        mesh.Clock.Advance(TimeSpan.FromSeconds(1));
        await Until.HoldsAsync(() => mesh.Clock.ActiveTimers <= timers);

        // What was meant to happen did happen; where calls are hedged, hardly one runs out of time.
        string[] rare = hedged ? ["AttemptTimeout", "Timeout"] : [];
        Assert.All(ChaosCaller.Ends.Except(rare), end => Assert.True(caller.Seen(end) >= 10, $"{end}: {caller.Seen(end)}"));
        Assert.True(hedged || mesh.Log.Of(2005).Length > 0, "no endpoint was ejected");
    }
}
