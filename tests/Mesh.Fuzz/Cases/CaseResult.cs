namespace Mesh.Fuzz.Cases;

/// <summary>What came of one input.</summary>
/// <param name="Kind">The kind of the target's answer.</param>
/// <param name="Fault">What is wrong; <see langword="null"/> where nothing is.</param>
internal readonly record struct CaseResult(int Kind, string? Fault);
