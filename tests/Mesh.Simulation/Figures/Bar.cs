namespace Mesh.Simulation.Figures;

/// <summary>A figure that has to be at most so much.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">What it came to.</param>
/// <param name="Most">What it may be.</param>
internal sealed record Bar(string Name, double Value, double Most)
{
    public bool Holds => Value <= Most;
}
