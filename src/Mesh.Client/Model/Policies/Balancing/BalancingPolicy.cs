namespace Mesh.Client.Model;

/// <summary>How an endpoint is chosen. Compiled from <c>LoadBalancing</c>.</summary>
internal sealed record BalancingPolicy
{
    public string Policy { get; init; } = "PeakEwma";

    public int ChoiceCount { get; init; } = 2;

    public double PanicThreshold { get; init; } = 0.5;

    /// <summary>What a call is hashed by; <see langword="null"/> where nothing was named.</summary>
    public RequestPart? HashKey { get; init; }

    /// <summary>The most that an endpoint of a hashing balancer may carry, as a multiple of the mean; 0 is no bound.</summary>
    public double HashBalanceFactor { get; init; }

    /// <summary>The least number of points on the ring of <c>RingHash</c>.</summary>
    public int RingSize { get; init; } = 1024;

    /// <summary>The number of places in the table of <c>Maglev</c>, a prime.</summary>
    public int MaglevTableSize { get; init; } = 131071;

    /// <summary>The cookie or header that names the endpoint of earlier calls; <see langword="null"/> where calls do not stick.</summary>
    public RequestPart? Sticky { get; init; }

    /// <summary>How long an endpoint that is new or recovered takes to get its full share; <see cref="TimeSpan.Zero"/> is at once.</summary>
    public TimeSpan SlowStart { get; init; }

    /// <summary>The bend of the slow start: 1 is a straight line.</summary>
    public double SlowStartAggression { get; init; } = 1;

    /// <summary>How many endpoints this process uses of each locality tier; 0 is all.</summary>
    public int SubsetSize { get; init; }

    public LocalityPolicy Locality { get; init; } = new();
}
