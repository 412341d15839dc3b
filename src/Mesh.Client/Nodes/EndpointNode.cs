using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Traffic;

namespace Mesh.Client.Nodes;

/// <summary>
/// The live state of one endpoint: calls in flight, the breaker's gate, and its own connections. It survives updates of the endpoint set
/// and ends once it has left the set and its last call has finished.
/// </summary>
public sealed class EndpointNode : IGate
{
    // Far below zero: a node whose transport is gone counts no more calls in.
    private const int Ended = int.MinValue / 2;

    // These two share a cache line, which is all of a node that a pick reads.
    private int _inFlight;
    private volatile int _gate;

    private readonly INodeOwner _owner;
    private volatile MeshEndpoint _endpoint;
    private TransportSlot _transport;
    private volatile bool _removed;
    private volatile NodeListing _listing;
    private long _warmingSince;
    private LatencyMeter _latency;

    internal EndpointNode(MeshEndpoint endpoint, INodeOwner owner)
    {
        _endpoint = endpoint;
        _owner = owner;
        Breaker = new CircuitBreaker(this, owner.Ledger, owner.BreakerSettings);
    }

    /// <summary>The endpoint as its source last described it.</summary>
    public MeshEndpoint Endpoint => _endpoint;

    /// <summary>The number of calls in flight, until the end of their bodies.</summary>
    public int InFlight => Math.Max(0, Volatile.Read(ref _inFlight));

    /// <summary>The state of the endpoint's gate.</summary>
    public BreakerState State
    {
        get
        {
            int word = _gate;
            return GateWord.IsClosed(word) ? BreakerState.Closed : GateWord.StateOf(word);
        }
    }

    BreakerState IGate.State
    {
        set
        {
            int before = _gate;
            while (!TrySwap(ref before, GateWord.WithBreaker(before, value)))
            {
            }
        }
    }

    /// <summary>Whether one of the bits of <see cref="GateWord"/> is set, whatever else keeps calls away.</summary>
    internal bool Has(int bit) => (_gate & bit) != 0;

    /// <summary>Whether only a call can bring the endpoint back, once it is due.</summary>
    internal bool AwaitsProbe => State is BreakerState.Open or BreakerState.HalfOpen or BreakerState.Paused;

    /// <summary>What was wrong when the health check last failed; <see langword="null"/> where it went well.</summary>
    internal string? Fault { get; set; }

    internal CircuitBreaker Breaker { get; }

    /// <summary>How long it takes to answer; off where no balancer asked to know.</summary>
    internal ref LatencyMeter Latency => ref _latency;

    /// <summary>What goes through it; <see langword="null"/> where nobody looks.</summary>
    internal TrafficMeter? Traffic { get; set; }

    /// <summary>The timestamp at which the endpoint came or came back; 0 for one that was there from the start. What is old says nothing.</summary>
    internal long WarmingSince => Volatile.Read(ref _warmingSince);

    /// <summary>Scratch of the service's watch task while it compares sets.</summary>
    internal int Mark { get; set; }

    internal HttpMessageInvoker Transport => _transport.Get(_endpoint, _owner);

    /// <summary>Whether a call may go here now, as far as the gate is concerned. Takes nothing.</summary>
    /// <param name="now">The timestamp.</param>
    /// <param name="ignoreGate">In panic only an operator's word keeps calls away.</param>
    internal bool IsAvailable(long now, bool ignoreGate = false) => State switch
    {
        BreakerState.Closed => true,
        BreakerState.Isolated => false,
        _ when ignoreGate => true,
        BreakerState.Unhealthy => false,
        _ => Breaker.CanEnter(now),
    };

    /// <summary>Begins an attempt: counts it in flight and passes the gate.</summary>
    /// <param name="now">The timestamp at its start.</param>
    /// <param name="ignoreGate">In panic a shut gate lets the call through, uncounted.</param>
    /// <param name="attempt">The token to complete.</param>
    internal bool TryBegin(long now, bool ignoreGate, out Attempt attempt)
    {
        GateTicket ticket = Breaker.Ticket;
        int word = _gate;
        if (!GateWord.IsClosed(word) && !TryPass(word, now, ignoreGate, ref ticket))
        {
            attempt = default;
            return false;
        }

        if (Interlocked.Increment(ref _inFlight) < 0)
        {
            Interlocked.Decrement(ref _inFlight);
            if (ticket.IsProbe)
            {
                Report(Breaker.Complete(ticket, new AttemptResult(Outcome.Ignored, false, 0), now), now);
            }

            attempt = default;
            return false;
        }

        attempt = new Attempt(this, now, ticket);
        return true;
    }

    private bool TryPass(int word, long now, bool ignoreGate, ref GateTicket ticket)
    {
        if (!IsAvailable(now, ignoreGate))
        {
            return false;
        }

        if (GateWord.BreakerOf(word) is BreakerState.Closed)
        {
            return true;
        }

        bool entered = Breaker.TryEnter(now, out ticket, out BreakerTransition transition);
        Report(transition, now);
        if (!entered && ignoreGate)
        {
            ticket = GateTicket.Uncounted;
        }

        return entered || ignoreGate;
    }

    /// <summary>Ends an attempt. Called through <see cref="Attempt"/> only, which sees to it that it happens once.</summary>
    internal void End(GateTicket ticket, in AttemptResult result, long now)
    {
        if (Interlocked.Decrement(ref _inFlight) == 0 && _removed)
        {
            TryClose();
        }

        _latency.Record(result, now);
        Traffic?.Record(result.Elapsed, result.Outcome, now);
        Report(Breaker.Complete(ticket, result, now), now);
        if (result.Outcome is Outcome.Failure && _listing is not NodeListing.Listed)
        {
            _owner.OnDoubtfulFailure(this);
        }
    }

    /// <summary>Begins to measure how long it takes to answer, if nobody has yet. Called by the service's watch task only; a call that ends at this very instant may be counted at a wrong moment, which says nothing.</summary>
    internal void MeasureLatency() => _latency = _latency.IsOn ? _latency : new LatencyMeter(_owner.BreakerSettings.TicksPerSecond);

    /// <summary>The endpoint is new among others or was ejected until now: for the time of <c>LoadBalancing:SlowStart</c> it gets less than its share.</summary>
    /// <param name="now">The timestamp.</param>
    internal void BeginWarmUp(long now)
    {
        Volatile.Write(ref _warmingSince, now);
        _owner.Ledger.NoteArrival(now);
    }

    /// <summary>Takes the result of the health check.</summary>
    /// <returns>Whether that is news.</returns>
    internal bool SetUnhealthy(bool on, long now) => Set(GateWord.Unhealthy, on, now);

    /// <summary>Takes the word of an operator.</summary>
    /// <returns>Whether that is news.</returns>
    internal bool SetIsolated(bool on, long now) => Set(GateWord.Isolated, on, now);

    /// <summary>Ejects the endpoint for what a comparison with the others showed.</summary>
    internal void EjectAsOutlier(long now) => Report(Breaker.Eject(BreakReason.SuccessRate, now), now);

    /// <summary>The endpoint takes calls of this process, and counts.</summary>
    internal void Join()
    {
        Breaker.Return();
        Set(GateWord.Absent, on: false, now: 0);
    }

    /// <summary>The endpoint takes no calls of this process, and does not count.</summary>
    internal void Leave()
    {
        Breaker.Retire();
        Set(GateWord.Absent, on: true, now: 0);
    }

    /// <summary>Takes a new description of the same endpoint.</summary>
    internal void Update(MeshEndpoint endpoint) => _endpoint = endpoint;

    /// <summary>How sure it is that the endpoint is one of its service.</summary>
    internal NodeListing Listing
    {
        get => _listing;
        set => _listing = value;
    }

    /// <summary>Whether no source lists the endpoint any more; then it stays until it fails.</summary>
    internal bool IsUnlisted => _listing is NodeListing.Unlisted;

    /// <summary>The endpoint has left: what is in flight finishes, then its connections close.</summary>
    internal void Remove()
    {
        Leave();
        _removed = true;
        TryClose();
    }

    /// <summary>Gives up the connections, because the transport's settings changed. New calls make new ones.</summary>
    /// <returns>The old transport, to be disposed when nothing can be about to use it any more.</returns>
    internal HttpMessageInvoker? ResetTransport() => _transport.Take();

    private bool Set(int bit, bool on, long now)
    {
        int before = _gate;
        int after;
        do
        {
            after = GateWord.With(before, bit, on);
            if (after == before)
            {
                return false;
            }
        }
        while (!TrySwap(ref before, after));

        _owner.Ledger.OnGateChanged();
        if (bit != GateWord.Absent && !on && GateWord.IsClosed(after))
        {
            BeginWarmUp(now);
        }

        return true;
    }

    // What the ledger is told are differences: whoever comes first, they add up to the same.
    private bool TrySwap(ref int before, int after)
    {
        int seen = Interlocked.CompareExchange(ref _gate, after, before);
        if (seen != before)
        {
            before = seen;
            return false;
        }

        int change = GateWord.OutBeside(after) - GateWord.OutBeside(before);
        if (change != 0)
        {
            _owner.Ledger.CountBeside(change);
        }

        return true;
    }

    private void TryClose()
    {
        if (Interlocked.CompareExchange(ref _inFlight, Ended, 0) == 0)
        {
            _transport.Take()?.Dispose();
        }
    }

    private void Report(BreakerTransition transition, long now)
    {
        if (transition.Happened)
        {
            Announce(transition, now);
        }
    }

    private void Announce(BreakerTransition transition, long now)
    {
        if (transition is { State: BreakerState.Closed, Reason: not BreakReason.PauseOver })
        {
            BeginWarmUp(now);

            // It was ill then: what it took says nothing of now.
            _latency.Reset();
        }

        _owner.OnTransition(this, transition);
    }
}
