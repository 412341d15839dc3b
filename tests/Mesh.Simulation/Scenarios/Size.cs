namespace Mesh.Simulation.Scenarios;

/// <summary>How large the fleet of a run is.</summary>
internal enum Size
{
    /// <summary>A second or two: for the tests.</summary>
    Small,

    /// <summary>What docs/simulation.md shows.</summary>
    Usual,

    /// <summary>As much as this machine takes: minutes, and some gigabytes.</summary>
    Large,
}
