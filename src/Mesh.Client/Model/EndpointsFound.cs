namespace Mesh.Client.Model;

/// <summary>The source knows the service and its endpoints.</summary>
/// <param name="Set">The endpoints.</param>
public sealed record EndpointsFound(EndpointSet Set) : EndpointUpdate;
