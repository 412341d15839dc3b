namespace Mesh.Client.Model;

/// <summary>A part of a request that a balancer looks at.</summary>
/// <param name="Kind">Which part.</param>
/// <param name="Name">The name of the header, query value or cookie; empty for the others.</param>
internal sealed record RequestPart(RequestPartKind Kind, string Name = "");
