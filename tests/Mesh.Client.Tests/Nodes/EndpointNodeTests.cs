using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.Tests.Nodes;

public sealed class EndpointNodeTests
{
    private readonly Fleet _fleet = new(4);

    private EndpointNode Node => _fleet[0];

    [Fact]
    public void TryBegin_EachWayOut_ReturnsInFlightToZero()
    {
        foreach (Outcome outcome in Enum.GetValues<Outcome>())
        {
            Attempt attempt = _fleet.Begin(Node);
            Assert.Equal(1, Node.InFlight);
            _fleet.End(ref attempt, outcome);
            Assert.Equal(0, Node.InFlight);
        }

        using (_fleet.Begin(Node))
        {
            Assert.Equal(1, Node.InFlight);
        }

        Assert.Equal(0, Node.InFlight);
    }

    [Fact]
    public void TryBegin_GateShut_CountsNothing()
    {
        _fleet.Eject(Node);

        Assert.False(Node.TryBegin(_fleet.Now, ignoreGate: false, out Attempt attempt));

        Assert.False(attempt.IsOpen);
        Assert.Equal(0, Node.InFlight);
        attempt.Dispose();
        Assert.Equal(0, Node.InFlight);
    }

    [Fact]
    public void TryBegin_GateShutAndIgnored_CountsInFlight()
    {
        _fleet.Eject(Node);

        Assert.True(Node.TryBegin(_fleet.Now, ignoreGate: true, out Attempt attempt));

        Assert.Equal(1, Node.InFlight);
        attempt.Dispose();
        Assert.Equal(0, Node.InFlight);
    }

    [Fact]
    public void Move_AnAttempt_IsCompletedByItsNewHolderAlone()
    {
        Attempt attempt = _fleet.Begin(Node);
        Attempt moved = attempt.Move();

        attempt.Dispose();
        Assert.Equal(1, Node.InFlight);
        Assert.False(attempt.IsOpen);
        Assert.True(moved.IsOpen);
        Assert.Same(Node, moved.Node);
        moved.Dispose();
        moved.Dispose();

        Assert.Equal(0, Node.InFlight);
    }

    [Fact]
    public void Remove_Idle_DisposesTheTransportAndLetsNobodyIn()
    {
        Assert.NotNull(Node.Transport);

        Node.Remove();
        Node.Remove();

        Assert.Equal(1, Assert.Single(_fleet.Transports).Disposals);
        Assert.False(Node.TryBegin(_fleet.Now, ignoreGate: false, out Attempt _));
        Assert.False(Node.TryBegin(_fleet.Now, ignoreGate: true, out Attempt _));
        Assert.Equal(0, Node.InFlight);
    }

    [Fact]
    public void Remove_NeverUsed_MakesNoTransport()
    {
        Node.Remove();

        Assert.Empty(_fleet.Transports);
    }

    [Fact]
    public void Remove_CallsInFlight_DisposesTheTransportWithTheLastOfThem()
    {
        Attempt first = _fleet.Begin(Node);
        Attempt second = _fleet.Begin(Node);
        Assert.NotNull(Node.Transport);
        TrackedHandler transport = Assert.Single(_fleet.Transports);

        Node.Remove();
        first.Dispose();
        Assert.Equal(0, transport.Disposals);
        _fleet.End(ref second, Outcome.Success);

        Assert.Equal(1, transport.Disposals);
        Assert.False(Node.TryBegin(_fleet.Now, ignoreGate: false, out Attempt _));
    }

    [Fact]
    public void Remove_CallsInFlightThatHaveNotSentYet_StillGetATransport()
    {
        Attempt attempt = _fleet.Begin(Node);
        Node.Remove();

        Assert.NotNull(attempt.Node.Transport);
        attempt.Dispose();

        Assert.Equal(1, Assert.Single(_fleet.Transports).Disposals);
    }

    [Fact]
    public void TryBegin_EndedWhileHalfOpen_FreesTheProbe()
    {
        _fleet.Eject(Node);
        _fleet.Advance(TimeSpan.FromSeconds(5));
        Node.Remove();

        for (int i = 0; i < 5; i++)
        {
            Assert.False(Node.TryBegin(_fleet.Now, ignoreGate: false, out Attempt _));
        }

        Assert.Equal(0, Node.InFlight);
        Assert.Equal(0, _fleet.Ledger.Out);
    }

    [Fact]
    public void Transport_ManyThreadsAtOnce_IsMadeOnceForAll()
    {
        var seen = new HttpMessageInvoker[16];

        Together.Run(seen.Length, thread => seen[thread] = Node.Transport);

        Assert.All(seen, t => Assert.Same(seen[0], t));
        Assert.Equal(_fleet.Transports.Count - 1, _fleet.Transports.Count(static t => t.Disposals == 1));
    }

    [Fact]
    public void Remove_WhileManyThreadsCall_DisposesOnceAndUnderNobody()
    {
        for (int round = 0; round < 30; round++)
        {
            var fleet = new Fleet(1);
            EndpointNode node = fleet[0];
            int calls = 0;
            int underUse = 0;

            Together.Run(5, thread =>
            {
                for (int i = 0; i < 2000; i++)
                {
                    if (thread == 0 && Volatile.Read(ref calls) > 100)
                    {
                        node.Remove();
                        return;
                    }

                    if (node.TryBegin(fleet.Now, ignoreGate: false, out Attempt attempt))
                    {
                        _ = node.Transport;
                        Interlocked.Increment(ref calls);
                        Interlocked.Add(ref underUse, fleet.Transports.Count(static t => t.Disposals > 0) > fleet.Transports.Count - 1 ? 1 : 0);
                        fleet.End(ref attempt, Outcome.Success);
                    }
                }
            });
            node.Remove();

            Assert.Equal(0, underUse);
            Assert.Equal(0, node.InFlight);
            Assert.All(fleet.Transports, static t => Assert.Equal(1, t.Disposals));
            Assert.False(node.TryBegin(fleet.Now, ignoreGate: true, out Attempt _));
        }
    }

    [Theory]
    [InlineData(Outcome.Success, "Unlisted", false)]
    [InlineData(Outcome.Ignored, "Unlisted", false)]
    [InlineData(Outcome.Overloaded, "Unconfirmed", false)]
    [InlineData(Outcome.Failure, "Unlisted", true)]
    [InlineData(Outcome.Failure, "Unconfirmed", true)]
    [InlineData(Outcome.Failure, "Listed", false)]
    public void Complete_OnAnEndpointThatNobodyLists_IsReportedWhereItFails(Outcome outcome, string listing, bool reported)
    {
        Node.Listing = Enum.Parse<NodeListing>(listing);

        _fleet.Call(Node, outcome);

        Assert.Equal(reported ? [Node] : [], _fleet.DoubtfulFailures);
    }

    [Fact]
    public void ResetTransport_InUse_GivesTheOldOneBackAndMakesANewOne()
    {
        HttpMessageInvoker old = Node.Transport;

        Assert.Same(old, Node.ResetTransport());

        Assert.NotSame(old, Node.Transport);
        Assert.Equal(2, _fleet.Transports.Count);
        Assert.All(_fleet.Transports, static t => Assert.Equal(0, t.Disposals));
    }

    [Fact]
    public void Update_ANewDescription_IsSeenAtOnce()
    {
        Node.Update(Node.Endpoint with { Weight = 9 });

        Assert.Equal(9, Node.Endpoint.Weight);
    }

    [Fact]
    public void State_ChangesOfTheGate_AreReportedOnceEach()
    {
        _fleet.Eject(Node);
        _fleet.Heal(Node);

        Assert.Equal(
            [(BreakerState.Open, BreakReason.ConsecutiveFailures), (BreakerState.HalfOpen, BreakReason.BreakTimePassed), (BreakerState.Closed, BreakReason.ProbesSucceeded)],
            _fleet.Transitions.Select(static t => (t.Transition.State, t.Transition.Reason)));
        Assert.All(_fleet.Transitions, t => Assert.Same(Node, t.Node));
    }
}
