namespace Mesh.Benchmarks.Bars;

/// <summary>One of the things that are measured against each other.</summary>
/// <param name="Name">Its name, for messages.</param>
/// <param name="Run">Does it so many times.</param>
internal sealed record Batch(string Name, Action<int> Run);
