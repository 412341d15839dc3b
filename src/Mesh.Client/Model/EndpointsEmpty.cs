namespace Mesh.Client.Model;

/// <summary>The source knows the service and says that it has no endpoint.</summary>
/// <param name="Confirmed">Whether the source is sure. An unconfirmed empty answer is held for <c>Discovery:EmptyGrace</c>.</param>
public sealed record EndpointsEmpty(bool Confirmed) : EndpointUpdate;
