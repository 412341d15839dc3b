namespace Mesh.Client.Model;

/// <summary>Who and where this process is. Compiled from <c>Local</c>.</summary>
internal sealed record LocalPolicy
{
    /// <summary>The service that this process is an instance of; empty where nobody said.</summary>
    public string Service { get; init; } = "";

    /// <summary>What tells this process from the other instances; never empty.</summary>
    public string Instance { get; init; } = "";

    public Locality Locality { get; init; } = Locality.None;

    public LabelSet Labels { get; init; } = LabelSet.Empty;
}
