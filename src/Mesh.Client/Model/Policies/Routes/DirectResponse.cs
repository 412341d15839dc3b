namespace Mesh.Client.Model;

/// <summary>An answer without an endpoint.</summary>
internal sealed record DirectResponse(int Status, string Body, string ContentType);
