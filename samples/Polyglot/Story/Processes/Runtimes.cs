namespace Polyglot.Story.Processes;

/// <summary>What runs the programs.</summary>
/// <param name="Node">Node, which finds grpc-js.</param>
/// <param name="Python">Python 3.</param>
internal sealed record Runtimes(string Node, string Python);
