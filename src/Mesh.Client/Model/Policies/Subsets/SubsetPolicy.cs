namespace Mesh.Client.Model;

/// <summary>What becomes of a call to a subset that has no healthy endpoint.</summary>
internal sealed record SubsetPolicy
{
    public SubsetFallback Fallback { get; init; }

    public LabelSet Default { get; init; } = LabelSet.Empty;
}
