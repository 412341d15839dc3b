using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Testing;
using Mesh.Client.Tests.AnyInput;
using Mesh.Client.Tests.Nodes;

namespace Mesh.Client.Tests.Health;

/// <summary>Random lives of endpoints against simple models. A failure names the seed that repeats it.</summary>
public sealed class CircuitBreakerPropertyTests
{
    [Fact]
    public void Breaker_AnyLife_GoesByTheSimpleRules()
    {
        for (int seed = 1; seed <= Runs.Of(400); seed++)
        {
            Live(new SeededRandom(seed), steps: 400);
        }
    }

    [Fact]
    public void Ledger_AnyLivesOfAFleet_CountsWhoIsOutAndReturnsToZero()
    {
        for (int seed = 1; seed <= Runs.Of(150); seed++)
        {
            LiveTogether(new SeededRandom(seed), steps: 500);
        }
    }

    private static void Live(SeededRandom random, int steps)
    {
        var policy = new BreakerPolicy
        {
            ConsecutiveFailures = random.Next(1, 8),
            FailureRatio = random.Next(1, 11) / 10.0,
            SlowCallRatio = random.Next(1, 11) / 10.0,
            SlowCallDuration = TimeSpan.FromSeconds(5),
            MinimumThroughput = random.Next(1, 15),
            HalfOpenProbes = random.Next(1, 4),
            BreakDuration = TimeSpan.FromSeconds(random.Next(1, 10)),
            MaxBreakDuration = TimeSpan.FromSeconds(random.Next(10, 40)),
            SamplingDuration = TimeSpan.FromSeconds(10),
        };
        var fleet = new Fleet(4, policy, attemptTimeout: TimeSpan.FromSeconds(8));
        long lease = Math.Max(policy.BreakDuration.Ticks, TimeSpan.FromSeconds(8).Ticks);
        var model = new NaiveBreaker(policy, policy.SamplingDuration.Ticks / 10, lease);
        var underWay = new List<(Attempt Attempt, (int, bool) Ticket)>();
        int badness = random.Next(2, 10);

        for (int step = 0; step < steps; step++)
        {
            string where = $"{random}, step {step}";
            switch (random.Next(10))
            {
                case < 5 when underWay.Count < 20:
                    (int, bool)? expected = model.Enter(fleet.Now);
                    Assert.True(fleet[0].IsAvailable(fleet.Now) == expected.HasValue, where);
                    Assert.True(fleet[0].TryBegin(fleet.Now, ignoreGate: false, out Attempt attempt) == expected.HasValue, where);
                    if (expected is { } ticket)
                    {
                        underWay.Add((attempt, ticket));
                    }

                    break;
                case < 9 when underWay.Count > 0:
                    int index = random.Next(underWay.Count);
                    (Attempt chosen, (int, bool) itsTicket) = underWay[index];
                    underWay.RemoveAt(index);
                    Outcome outcome = random.Next(badness) == 0 ? (Outcome)random.Next(1, 4) : Outcome.Success;
                    bool is500 = random.Next(3) == 0;
                    TimeSpan elapsed = random.Next(badness) == 0 ? TimeSpan.FromSeconds(random.Next(4, 7)) : TimeSpan.Zero;
                    TimeSpan pause = random.Next(2) == 0 ? TimeSpan.FromSeconds(random.Next(0, 9)) : TimeSpan.Zero;
                    fleet.End(ref chosen, outcome, is500, elapsed, pause);
                    model.Complete(itsTicket, outcome, is500, elapsed, pause, fleet.Now);
                    break;
                default:
                    fleet.Advance(random.Next(20) == 0 ? TimeSpan.FromSeconds(random.Next(1, 100)) : TimeSpan.FromMilliseconds(random.Next(0, 1500)));
                    break;
            }

            Assert.True(model.State == fleet[0].State, $"{where}: expected {model.State}, got {fleet[0].State}");
            Assert.True(fleet[0].InFlight == underWay.Count, where);
            Assert.True(fleet.Ledger.Out == (model.State is BreakerState.Closed ? 0 : 1), where);
        }
    }

    private static void LiveTogether(SeededRandom random, int steps)
    {
        int count = random.Next(1, 8);
        var policy = new BreakerPolicy
        {
            ConsecutiveFailures = random.Next(1, 4),
            MinimumThroughput = random.Next(1, 10),
            HalfOpenProbes = random.Next(1, 4),
            MaxEjectionPercent = random.Next(0, 101),
        };
        var fleet = new Fleet(count, policy, panicThreshold: 0.5);
        int cap = policy.MaxEjectionPercent == 0 ? 0 : Math.Max(1, count * policy.MaxEjectionPercent / 100);
        var underWay = new List<Attempt>();
        var removed = new HashSet<EndpointNode>();

        for (int step = 0; step < steps; step++)
        {
            string where = $"{random}, step {step}";
            EndpointNode node = fleet[random.Next(count)];
            switch (random.Next(100))
            {
                case < 45:
                    if (node.TryBegin(fleet.Now, ignoreGate: fleet.Ledger.InPanic, out Attempt attempt))
                    {
                        underWay.Add(attempt);
                    }

                    break;
                case < 85 when underWay.Count > 0:
                    int index = random.Next(underWay.Count);
                    Attempt ended = underWay[index];
                    underWay.RemoveAt(index);
                    if (random.Next(8) == 0)
                    {
                        ended.Dispose();
                    }
                    else
                    {
                        fleet.End(ref ended, (Outcome)random.Next(0, 4), random.Next(3) == 0, TimeSpan.FromSeconds(random.Next(0, 8)), TimeSpan.FromSeconds(random.Next(0, 8)));
                    }

                    break;
                case 99:
                    node.Remove();
                    removed.Add(node);
                    break;
                default:
                    fleet.Advance(TimeSpan.FromMilliseconds(random.Next(0, 4000)));
                    break;
            }

            int isOut = fleet.Nodes.Count(n => !removed.Contains(n) && n.State is not BreakerState.Closed);
            Assert.True(fleet.Ledger.Out == isOut, $"{where}: {isOut} are out, the ledger says {fleet.Ledger.Out}");
            Assert.True(isOut <= cap, $"{where}: {isOut} of {count} are out, the cap is {cap}");
            Assert.True(fleet.Ledger.InPanic == (count - isOut < 0.5 * count), where);
            Assert.True(fleet.Nodes.Sum(static n => n.InFlight) == underWay.Count, where);
        }

        for (int i = 0; i < underWay.Count; i++)
        {
            Attempt left = underWay[i];
            left.Dispose();
        }

        Assert.All(fleet.Nodes, static n => Assert.Equal(0, n.InFlight));
        Assert.All(fleet.Nodes, static n => n.Remove());
        Assert.True(fleet.Ledger.Out == 0, $"{random}: {fleet.Ledger.Out} left in the ledger");
    }
}
