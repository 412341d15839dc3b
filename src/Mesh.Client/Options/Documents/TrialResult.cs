namespace Mesh.Client.Options.Documents;

/// <summary>What a configuration with documents comes to.</summary>
internal readonly record struct TrialResult(MeshOptions Options, IReadOnlyList<string> Errors);
