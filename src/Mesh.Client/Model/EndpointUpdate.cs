namespace Mesh.Client.Model;

/// <summary>What a source says of a service: <see cref="EndpointsFound"/>, <see cref="EndpointsEmpty"/>, <see cref="ServiceNotFound"/> or <see cref="SourceFailing"/>.</summary>
public abstract record EndpointUpdate
{
    private protected EndpointUpdate()
    {
    }

    /// <summary>The source does not know the service; the next source is asked.</summary>
    public static EndpointUpdate NotFound { get; } = new ServiceNotFound();

    /// <summary>The service has these endpoints.</summary>
    /// <param name="endpoints">The endpoints.</param>
    public static EndpointUpdate Found(EndpointSet endpoints) => new EndpointsFound(endpoints);

    /// <summary>The service is known and has no endpoint.</summary>
    /// <param name="confirmed"><see langword="true"/> where the source is sure, and the endpoints leave at once; otherwise they are kept for <c>Discovery:EmptyGrace</c>.</param>
    public static EndpointUpdate Empty(bool confirmed) => new EndpointsEmpty(confirmed);

    /// <summary>
    /// The source cannot say now, and goes on trying by itself. Its last good answer stays in force; where it has given none, the next source is
    /// asked. A source that throws instead is started again with back-off.
    /// </summary>
    /// <param name="error">Why.</param>
    public static EndpointUpdate Failing(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return new SourceFailing(error);
    }
}
