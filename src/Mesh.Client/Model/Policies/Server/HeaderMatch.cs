using Mesh.Client.Matching;

namespace Mesh.Client.Model;

/// <summary>A header and the value that it must have.</summary>
internal sealed record HeaderMatch(string Name, ValuePattern Value);
