using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Nodes;

namespace Mesh.Client.Balancing.WarmUp;

/// <summary>
/// Spares an endpoint that has just come or come back: of the calls that would choose it, it takes only a part, which grows from a tenth to all of
/// them over the window. The curve is that of Envoy's slow start; the part is applied where a picker asks whether it may choose the endpoint, so that
/// it holds for each balancer, one of the user's own included (<c>docs/decisions/slow-start-in-canpick.md</c>).
/// </summary>
internal sealed class SlowStart
{
    private const double MinFactor = 0.1;

    private readonly long _window;
    private readonly double _exponent;

    private SlowStart(long window, double aggression)
    {
        _window = window;
        _exponent = 1 / aggression;
    }

    /// <summary>What a policy asks for; <see langword="null"/> where it asks for no slow start.</summary>
    public static SlowStart? Of(BalancingPolicy policy, long ticksPerSecond)
    {
        long window = (long)(policy.SlowStart.TotalSeconds * ticksPerSecond);
        return window > 0 ? new SlowStart(window, policy.SlowStartAggression) : null;
    }

    /// <summary>Whether any endpoint may be warming up.</summary>
    /// <param name="lastArrival">When the last one came or came back; 0 where none has.</param>
    /// <param name="now">The timestamp of the pick.</param>
    public bool IsOn(long lastArrival, long now) => lastArrival != 0 && now - lastArrival < _window;

    /// <summary>Whether a pick may choose an endpoint. The same answer however often one pick asks.</summary>
    /// <param name="node">The endpoint, whose gate lets the call through.</param>
    /// <param name="bits">What tells this pick from others: random, or the hash of its key, so that a key moves to a new endpoint once and stays.</param>
    /// <param name="now">The timestamp of the pick.</param>
    public bool Accepts(EndpointNode node, ulong bits, long now)
    {
        long since = node.WarmingSince;

        // The probe of an ejected endpoint is not held up: nothing else would bring it back.
        if (since == 0 || now - since >= _window || node.State is not BreakerState.Closed)
        {
            return true;
        }

        return StableHash.ToUnit(StableHash.Mix(bits ^ StableHash.Of(node.Endpoint))) < Factor(now - since);
    }

    /// <summary>The part of its calls that an endpoint takes so many ticks after it came: <c>max(0.1, (elapsed / window) ^ (1 / aggression))</c>.</summary>
    public double Factor(long elapsed)
    {
        double part = Math.Clamp((double)elapsed / _window, 0, 1);
        return Math.Max(MinFactor, _exponent == 1 ? part : Math.Pow(part, _exponent));
    }
}
