using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Testing;
using Mesh.Client.Tests.AnyInput;
using Mesh.Client.Tests.Health;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.Tests.Nodes;

/// <summary>Random lives of a gate with three keepers against a model that keeps them apart. A failure names the seed that repeats it.</summary>
public sealed class NodeGatePropertyTests
{
    [Fact]
    public void Gate_AnyLife_GoesByTheSimpleRules()
    {
        for (int seed = 1; seed <= Runs.Of(300); seed++)
        {
            Live(new SeededRandom(seed), steps: 400);
        }
    }

    [Fact]
    public void Gate_ThreeKeepersAndAMembershipAtOnce_LoseNoWordAndNoCount()
    {
        const int Turns = 4000;
        for (int round = 0; round < Runs.Of(5); round++)
        {
            var fleet = new Fleet(2, new BreakerPolicy { ConsecutiveFailures = 1, MaxEjectionPercent = 100, BreakDuration = TimeSpan.FromTicks(1) });
            EndpointNode node = fleet[0];
            Together.Run(5, thread =>
            {
                for (int turn = 1; turn <= Turns; turn++)
                {
                    bool on = turn % 2 == 1;
                    switch (thread)
                    {
                        case 0:
                            node.SetUnhealthy(on, fleet.Now);
                            Assert.Equal(on, node.Has(GateWord.Unhealthy));
                            break;
                        case 1:
                            node.SetIsolated(on, fleet.Now);
                            Assert.Equal(on, node.Has(GateWord.Isolated));
                            break;
                        case 2:
                            (on ? (Action)node.Leave : node.Join)();
                            break;
                        default:
                            if (node.TryBegin(fleet.Now, ignoreGate: turn % 3 == 0, out Attempt attempt))
                            {
                                fleet.End(ref attempt, turn % 5 == 0 ? Outcome.Failure : Outcome.Success);
                            }
                            else if (thread == 3)
                            {
                                fleet.Advance(TimeSpan.FromTicks(2));
                            }

                            break;
                    }
                }
            });

            Assert.False(node.Has(GateWord.Unhealthy) || node.Has(GateWord.Isolated));
            int expected = node.State is BreakerState.Closed ? 0 : 1;
            Assert.Equal((expected, expected), (fleet.Ledger.Out, fleet.Ledger.Unavailable));
            Assert.Equal(0, node.InFlight);
        }
    }

    private static void Live(SeededRandom random, int steps)
    {
        var policy = new BreakerPolicy { ConsecutiveFailures = random.Next(1, 4), HalfOpenProbes = random.Next(1, 3), BreakDuration = TimeSpan.FromSeconds(2), SlowCallDuration = TimeSpan.FromHours(1) };
        var fleet = new Fleet(4, policy, attemptTimeout: TimeSpan.FromSeconds(1));
        var breaker = new NaiveBreaker(policy, policy.SamplingDuration.Ticks / 10, policy.BreakDuration.Ticks);
        EndpointNode node = fleet[0];
        var underWay = new List<(Attempt Attempt, (int, bool)? Ticket)>();
        bool unhealthy = false;
        bool isolated = false;
        for (int step = 0; step < steps; step++)
        {
            string where = $"{random}, step {step}";
            switch (random.Next(20))
            {
                case 0:
                    unhealthy = !unhealthy;
                    Assert.True(node.SetUnhealthy(unhealthy, fleet.Now), where);
                    break;
                case 1:
                    isolated = !isolated;
                    Assert.True(node.SetIsolated(isolated, fleet.Now), where);
                    break;
                case 2:
                    Assert.False(node.SetUnhealthy(unhealthy, fleet.Now), where);
                    Assert.False(node.SetIsolated(isolated, fleet.Now), where);
                    break;
                case 3:
                    fleet.Advance(TimeSpan.FromMilliseconds(random.Next(0, 2500)));
                    break;
                case < 12:
                    bool panic = random.Next(3) == 0;
                    bool mayPass = !isolated && (panic || !unhealthy);
                    (int, bool)? ticket = mayPass ? breaker.Enter(fleet.Now) : null;
                    bool passes = ticket.HasValue || (mayPass && panic);
                    Assert.True(node.IsAvailable(fleet.Now, panic) == passes, where);
                    Assert.True(node.TryBegin(fleet.Now, panic, out Attempt attempt) == passes, where);
                    if (passes)
                    {
                        underWay.Add((attempt, ticket));
                    }

                    break;
                default:
                    if (underWay.Count > 0)
                    {
                        int index = random.Next(underWay.Count);
                        (Attempt chosen, (int, bool)? itsTicket) = underWay[index];
                        underWay.RemoveAt(index);
                        Outcome outcome = random.Next(3) == 0 ? Outcome.Failure : Outcome.Success;
                        fleet.End(ref chosen, outcome);
                        if (itsTicket is { } counted)
                        {
                            breaker.Complete(counted, outcome, false, default, default, fleet.Now);
                        }
                    }

                    break;
            }

            BreakerState expected = isolated ? BreakerState.Isolated : unhealthy ? BreakerState.Unhealthy : breaker.State;
            Assert.True(expected == node.State, $"{where}: expected {expected}, got {node.State}");
            Assert.True(fleet.Ledger.Unavailable == (expected is BreakerState.Closed ? 0 : 1), where);
            Assert.True(fleet.Ledger.Out == (breaker.State is BreakerState.Closed ? 0 : 1), where);
        }
    }
}
