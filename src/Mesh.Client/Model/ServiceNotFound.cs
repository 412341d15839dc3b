namespace Mesh.Client.Model;

/// <summary>The source does not know the service.</summary>
public sealed record ServiceNotFound : EndpointUpdate;
