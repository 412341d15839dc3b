namespace Mesh.Client.Options;

/// <summary>What the figures of the meter <c>Mesh.Client</c> tell: the section <c>Figures</c>.</summary>
public sealed class FiguresOptions
{
    /// <summary>
    /// Whether <c>mesh.client.attempts</c> has an attribute <c>mesh.endpoint</c>, the host and the port. Each endpoint is some series of its own then, for as long as it is listed; at most 10 000
    /// endpoints are told.
    /// </summary>
    /// <value>Default false.</value>
    public bool EndpointTag { get; set; }
}
