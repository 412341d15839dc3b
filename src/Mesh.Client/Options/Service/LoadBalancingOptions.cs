using System.ComponentModel.DataAnnotations;

namespace Mesh.Client.Options;

/// <summary>How an endpoint is chosen: the section <c>LoadBalancing</c>.</summary>
public sealed class LoadBalancingOptions
{
    /// <summary>
    /// The name of the balancer: <c>PeakEwma</c>, <c>LeastRequest</c>, <c>RoundRobin</c>, <c>Random</c>, <c>First</c>, <c>RingHash</c>, <c>Maglev</c>, or one that was added in code.
    /// </summary>
    /// <value>Default PeakEwma.</value>
    public string Policy { get; set; } = "PeakEwma";

    /// <summary>How many endpoints <c>PeakEwma</c> and <c>LeastRequest</c> draw before they take the best of them.</summary>
    /// <value>Default 2 endpoints; from 2 to 32.</value>
    [Range(2, 32)]
    public int ChoiceCount { get; set; } = 2;

    /// <summary>Where less than this part of the endpoints is healthy, all of them are used. 0 switches this off.</summary>
    /// <value>Default 0.5; from 0 to 1.</value>
    [Range(0.0, 1.0)]
    public double PanicThreshold { get; set; } = 0.5;

    /// <summary>
    /// What <c>RingHash</c> and <c>Maglev</c> place a call by: <c>header:x-user-id</c>, <c>query:user</c>, <c>cookie:session</c>, <c>path</c> or <c>caller</c>; empty is nothing, and
    /// calls go anywhere, as do those that lack the part.
    /// </summary>
    public string HashKey { get; set; } = "";

    /// <summary>
    /// The most that an endpoint of <c>RingHash</c> or <c>Maglev</c> may have in flight, as a multiple of its share of all calls in flight; what is above it goes to the key's next
    /// endpoint. 0 is no bound, else at least 1. V. Mirrokni, M. Thorup, M. Zadimoghaddam, "Consistent Hashing with Bounded Loads", 2016.
    /// </summary>
    /// <value>Default 0; from 0 to 100.</value>
    [Range(0.0, 100.0)]
    public double HashBalanceFactor { get; set; }

    /// <summary>The least number of points on the ring of <c>RingHash</c>; more points spread keys more evenly.</summary>
    /// <value>Default 1024 points; from 1 to 1000000.</value>
    [Range(1, 1000000)]
    public int RingSize { get; set; } = 1024;

    /// <summary>The number of places in the table of <c>Maglev</c>: a prime, well above the number of endpoints. Envoy's own default is 65537: take that where keys must fall as there.</summary>
    /// <value>Default 131071 places; from 2 to 5000011.</value>
    [Range(2, 5000011)]
    public int MaglevTableSize { get; set; } = 131071;

    /// <summary>
    /// <c>cookie:name</c> or <c>header:name</c>: replies carry a mark of the endpoint that served them, and a request with that mark goes there again as long as the endpoint is well.
    /// Empty is off.
    /// </summary>
    public string Sticky { get; set; } = "";

    /// <summary>How long an endpoint that is new or has recovered takes to get its full share of calls.</summary>
    /// <value>Default 00:00:00; from 00:00:00 to 01:00:00. 00:00:00 is at once.</value>
    [DurationRange("00:00:00", "01:00:00")]
    public TimeSpan SlowStart { get; set; }

    /// <summary>The bend of the slow start: with 1 the share grows in a straight line, with more it grows faster at first. As in Envoy.</summary>
    /// <value>Default 1; from 0.1 to 100.</value>
    [Range(0.1, 100.0)]
    public double SlowStartAggression { get; set; } = 1;

    /// <summary>How many of a service's endpoints this process uses, of each locality; which ones, <c>Local:Instance</c> decides. 0 is all.</summary>
    /// <value>Default 0 endpoints; from 0 to 100000.</value>
    [Range(0, 100000)]
    public int SubsetSize { get; set; }

    /// <summary>Whether near endpoints come first.</summary>
    public LocalityOptions Locality { get; private set; } = new();

    internal LoadBalancingOptions Copy()
    {
        var copy = (LoadBalancingOptions)MemberwiseClone();
        copy.Locality = Locality.Copy();
        return copy;
    }
}
