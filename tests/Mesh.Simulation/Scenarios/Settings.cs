namespace Mesh.Simulation.Scenarios;

/// <summary>What a run is given.</summary>
/// <param name="Seed">All that chance decides follows from it.</param>
/// <param name="Size">How large the fleet is, and how long it is looked at.</param>
/// <param name="Only">One balancer or variant alone; <see langword="null"/> is all of them.</param>
internal sealed record Settings(long Seed, Size Size, string? Only)
{
    /// <summary>One of three values.</summary>
    public T Of<T>(T small, T usual, T large) => Size switch
    {
        Size.Small => small,
        Size.Large => large,
        _ => usual,
    };

    /// <summary>Whether a variant is to be run.</summary>
    public bool Wants(string variant) => Only is null || variant.Contains(Only, StringComparison.OrdinalIgnoreCase);
}
