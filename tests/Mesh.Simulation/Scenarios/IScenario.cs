using Mesh.Simulation.Figures;

namespace Mesh.Simulation.Scenarios;

/// <summary>A question to a fleet.</summary>
internal interface IScenario
{
    /// <summary>Its name on the command line, and its block in docs/simulation.md.</summary>
    string Name { get; }

    /// <summary>The question, in one line.</summary>
    string Question { get; }

    /// <summary>Finds the answer.</summary>
    /// <param name="settings">The seed and the size.</param>
    /// <param name="report">Takes the figures.</param>
    void Run(Settings settings, Report report);
}
