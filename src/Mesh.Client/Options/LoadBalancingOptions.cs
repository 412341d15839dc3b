using System.ComponentModel.DataAnnotations;

namespace Mesh.Client.Options;

/// <summary>How an endpoint is chosen: the section <c>LoadBalancing</c>.</summary>
public sealed class LoadBalancingOptions
{
    /// <summary>The name of the balancer: <c>LeastRequest</c>, <c>RoundRobin</c>, <c>Random</c>, <c>First</c>, or one that was added in code.</summary>
    /// <value>Default LeastRequest.</value>
    public string Policy { get; set; } = "LeastRequest";

    /// <summary>How many endpoints <c>LeastRequest</c> draws before it takes the least loaded of them.</summary>
    /// <value>Default 2 endpoints; from 2 to 32.</value>
    [Range(2, 32)]
    public int ChoiceCount { get; set; } = 2;

    /// <summary>Where less than this part of the endpoints is healthy, all of them are used. 0 switches this off.</summary>
    /// <value>Default 0.5; from 0 to 1.</value>
    [Range(0.0, 1.0)]
    public double PanicThreshold { get; set; } = 0.5;

    internal LoadBalancingOptions Copy() => (LoadBalancingOptions)MemberwiseClone();
}
