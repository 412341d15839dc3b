using System.Globalization;
using Mesh.Client.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.Tests.Pipeline;

/// <summary>Whatever ends a call, it counts out once: many calls at once over everything that can happen to one.</summary>
public sealed class InFlightTests
{
    private const int Callers = 100;
    private static readonly int Operations = Environment.GetEnvironmentVariable("MESH_LONG") == "1" ? 1_000_000 : 100_000;
    private static readonly long Seed = long.Parse(Environment.GetEnvironmentVariable("MESH_SEED") ?? "20", CultureInfo.InvariantCulture);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SendAsync_AnyEndOfACall_CountsOut()
    {
        TestContext.Current.TestOutputHelper!.WriteLine($"MESH_SEED={Seed}");
        var random = new SeededRandom(Seed);
        ScriptedMesh? made = null;
        using var mesh = made = new ScriptedMesh(
            static options =>
            {
                options.LoadBalancing.Policy = "LeastRequest";
                options.Timeout = TimeSpan.FromMilliseconds(35);
                options.AttemptTimeout = TimeSpan.FromMilliseconds(30);
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
        Assert.All(mesh.Nodes, static n => Assert.Equal(0, n.InFlight));
        Assert.Equal(timers, mesh.Clock.ActiveTimers);

        // What was meant to happen did happen.
        Assert.All(ChaosCaller.Ends, end => Assert.True(caller.Seen(end) >= 10, $"{end}: {caller.Seen(end)}"));
        Assert.NotEmpty(mesh.Log.Of(2005));
    }
}
