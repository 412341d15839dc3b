namespace Mesh.Client.Model;

/// <summary>The source cannot say anything of the service now, and goes on trying by itself.</summary>
/// <param name="Error">Why; shown where the sources are listed.</param>
public sealed record SourceFailing(Exception Error) : EndpointUpdate;
