namespace Mesh.Client.Model;

/// <summary>How an endpoint is chosen. Compiled from <c>LoadBalancing</c>.</summary>
internal sealed record BalancingPolicy
{
    public string Policy { get; init; } = "LeastRequest";

    public int ChoiceCount { get; init; } = 2;

    public double PanicThreshold { get; init; } = 0.5;
}
