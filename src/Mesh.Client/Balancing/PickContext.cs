using Mesh.Client.Balancing.WarmUp;
using Mesh.Client.Health;
using Mesh.Client.Nodes;

namespace Mesh.Client.Balancing;

/// <summary>What a picker may know of the attempt that it chooses for.</summary>
public readonly ref struct PickContext
{
    private readonly List<EndpointNode>? _tried;
    private readonly Random _random;
    private readonly SlowStart? _slowStart;
    private readonly ulong _bits;

    internal PickContext(
        HttpRequestMessage request, long timestamp, Random random, bool inPanic, List<EndpointNode>? tried, SlowStart? slowStart = null, ulong? key = null)
    {
        Request = request;
        Timestamp = timestamp;
        _random = random;
        InPanic = inPanic;
        _tried = tried;
        _slowStart = slowStart;
        HasKey = key.HasValue;
        Key = key.GetValueOrDefault();
        _bits = slowStart is null ? 0 : key ?? (ulong)random.NextInt64();
    }

    /// <summary>The request.</summary>
    public HttpRequestMessage Request { get; }

    /// <summary>The attempt's start, in ticks of the mesh's clock (<see cref="TimeProvider.GetTimestamp"/>).</summary>
    public long Timestamp { get; }

    /// <summary>Whether so few endpoints are available that the gates are ignored (<c>LoadBalancing:PanicThreshold</c>); isolated endpoints get no calls even so.</summary>
    public bool InPanic { get; }

    /// <summary>Whether the call has a key: the policy names a <c>LoadBalancing:HashKey</c>, and the request has that part.</summary>
    public bool HasKey { get; }

    /// <summary>The hash of the call's key, the same in every process and for each attempt of the call; 0 where there is none. All its bits are well mixed.</summary>
    public ulong Key { get; }

    /// <summary>
    /// Whether an endpoint may be chosen: its gate lets calls through, the call has not been there yet, and if it is warming up
    /// (<c>LoadBalancing:SlowStart</c>) this pick is one of those that it takes already.
    /// </summary>
    /// <param name="node">The endpoint.</param>
    public bool CanPick(EndpointNode node) => IsOpen(node) && (_slowStart is null || _slowStart.Accepts(node, _bits, Timestamp));

    /// <summary>Whether an endpoint may be chosen by a call that was there before, which warming up does not keep away.</summary>
    internal bool IsOpen(EndpointNode node) => (node.State is BreakerState.Closed || node.IsAvailable(Timestamp, InPanic)) && (_tried is null || !_tried.Contains(node));

    /// <summary>Whether an endpoint that could take calls may be kept from this one, because the call was there before or the endpoint is warming up.</summary>
    internal bool IsNarrowed => _tried is not null || _slowStart is not null;

    /// <summary>The same without that and without panic.</summary>
    internal PickContext Widened() => new(Request, Timestamp, _random, inPanic: false, null, null, HasKey ? Key : null);

    /// <summary>Draws a number from 0 up to, but not including, <paramref name="exclusiveMax"/>, from the mesh's random source.</summary>
    /// <param name="exclusiveMax">The bound, at least 1.</param>
    public int NextInt(int exclusiveMax) => _random.Next(exclusiveMax);

    /// <summary>Draws 64 random bits, of which the highest is 0.</summary>
    public long NextBits() => _random.NextInt64();
}
