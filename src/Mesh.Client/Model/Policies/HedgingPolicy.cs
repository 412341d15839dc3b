namespace Mesh.Client.Model;

/// <summary>When a slow call is sent to a second endpoint as well. Compiled from <c>Hedging</c>.</summary>
internal sealed record HedgingPolicy
{
    /// <summary>How long an attempt waits before another one is sent beside it; with <see cref="Percentile"/>, while too little is known.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>The part of the service's calls that must have been faster than the wait; 0 leaves the wait to <see cref="Delay"/>.</summary>
    public double Percentile { get; init; }

    /// <summary>The most attempts beside the first.</summary>
    public int MaxHedged { get; init; } = 1;

    public bool IsOn => Delay > TimeSpan.Zero || Percentile > 0;
}
