using Mesh.Simulation.Figures;

namespace Mesh.Simulation.Commands;

/// <summary>The figures of a scenario for a program.</summary>
/// <param name="Scenario">Its name.</param>
/// <param name="Digest">Over all that happened.</param>
/// <param name="Bars">What has to hold.</param>
/// <param name="Text">All of it for a person.</param>
internal sealed record Found(string Scenario, string Digest, IReadOnlyList<Bar> Bars, string Text);
