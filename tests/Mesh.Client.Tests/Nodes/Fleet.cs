using System.Collections.Concurrent;
using System.Collections.Immutable;
using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Testing;

namespace Mesh.Client.Tests.Nodes;

/// <summary>Endpoints of one service without a service around them: real nodes, breakers and ledger on a manual clock.</summary>
internal sealed class Fleet : INodeOwner
{
    public Fleet(int count, BreakerPolicy? policy = null, TimeSpan? attemptTimeout = null, double panicThreshold = 0.5)
        : this([.. Enumerable.Range(1, count).Select(static i => new MeshEndpoint($"10.0.0.{i}", 80))], policy, attemptTimeout, panicThreshold)
    {
    }

    public Fleet(ImmutableArray<MeshEndpoint> endpoints, BreakerPolicy? policy = null, TimeSpan? attemptTimeout = null, double panicThreshold = 0.5)
    {
        Policy = policy ?? new BreakerPolicy();
        Ledger = new EjectionLedger(_ => MeanFailureRatio);
        Ledger.Configure(endpoints.Length, Policy.MaxEjectionPercent, panicThreshold);
        BreakerSettings = new BreakerSettings(Policy, Clock.TimestampFrequency, attemptTimeout ?? TimeSpan.FromSeconds(10));
        Nodes = [.. endpoints.Select(e => new EndpointNode(e, this))];
    }

    public ManualTimeProvider Clock { get; } = new();

    public BreakerPolicy Policy { get; }

    public EjectionLedger Ledger { get; }

    public BreakerSettings BreakerSettings { get; set; }

    public ImmutableArray<EndpointNode> Nodes { get; }

    public EndpointNode this[int index] => Nodes[index];

    /// <summary>What the ledger is told of the service's mean.</summary>
    public double MeanFailureRatio { get; set; }

    public ConcurrentQueue<(EndpointNode Node, BreakerTransition Transition)> Transitions { get; } = new();

    public ConcurrentQueue<EndpointNode> DoubtfulFailures { get; } = new();

    public ConcurrentQueue<TrackedHandler> Transports { get; } = new();

    public long Now => Clock.GetTimestamp();

    public HttpMessageInvoker CreateTransport(MeshEndpoint endpoint)
    {
        var handler = new TrackedHandler(endpoint);
        Transports.Enqueue(handler);
        return new HttpMessageInvoker(handler);
    }

    public void OnTransition(EndpointNode node, BreakerTransition transition) => Transitions.Enqueue((node, transition));

    public void OnDoubtfulFailure(EndpointNode node) => DoubtfulFailures.Enqueue(node);

    public void Advance(TimeSpan by) => Clock.Advance(by);

    /// <summary>Begins an attempt that must be let through.</summary>
    public Attempt Begin(EndpointNode node)
    {
        Assert.True(node.TryBegin(Now, ignoreGate: false, out Attempt attempt), $"the gate of {node.Endpoint} is shut: {node.State}, {node.Breaker.Reason}");
        return attempt;
    }

    /// <summary>Makes calls that end at once with an outcome, as long as they are let through.</summary>
    /// <returns>How many were let through.</returns>
    public int Call(EndpointNode node, Outcome outcome, int times = 1, bool is500 = false, TimeSpan elapsed = default, TimeSpan pause = default)
    {
        int passed = 0;
        for (int i = 0; i < times && node.TryBegin(Now, ignoreGate: false, out Attempt attempt); i++, passed++)
        {
            End(ref attempt, outcome, is500, elapsed, pause);
        }

        return passed;
    }

    public void End(ref Attempt attempt, Outcome outcome, bool is500 = false, TimeSpan elapsed = default, TimeSpan pause = default) =>
        attempt.Complete(new AttemptResult(outcome, is500, elapsed.Ticks, pause.Ticks), Now);

    /// <summary>Ejects a node by failures in a row.</summary>
    /// <returns>For how long.</returns>
    public TimeSpan Eject(EndpointNode node)
    {
        Call(node, Outcome.Failure, Policy.ConsecutiveFailures);
        Assert.Equal(BreakerState.Open, node.State);
        return Transitions.Last(t => t.Node == node).Transition.BreakTime;
    }

    /// <summary>Lets the break time pass and all probes succeed.</summary>
    public void Heal(EndpointNode node)
    {
        Advance(Transitions.Last(t => t.Node == node).Transition.BreakTime);
        Call(node, Outcome.Success, Policy.HalfOpenProbes);
        Assert.Equal(BreakerState.Closed, node.State);
    }
}
