using Mesh.Client.Model;

namespace Mesh.Client.Discovery;

/// <summary>
/// Says where a service lives. Sources are asked in the order of <c>Discovery:Sources</c>; the next one is asked when one answers
/// <see cref="ServiceNotFound"/>, or fails before its first answer.
/// </summary>
public interface IEndpointSource
{
    /// <summary>The name that <c>Discovery:Sources</c> and error messages use, such as <c>Dns</c>.</summary>
    string Name { get; }

    /// <summary>Follows one service for as long as it is in use. Each answer replaces the one before.</summary>
    /// <param name="serviceName">The logical name in lower case, without a port or the suffix <c>.mesh</c>.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <returns>
    /// The answers, the first as soon as it is known. A source that throws has failed, and one that ends has stopped; both are started again
    /// with back-off, and the last good answer stays in force. A source that goes on trying by itself says <see cref="EndpointUpdate.Failing"/> instead. Within one watch a set with a lower <see cref="EndpointSet.Revision"/> than one
    /// before it is taken for late and ignored; a source whose registry counts from a lower number again ends its watch.
    /// </returns>
    IAsyncEnumerable<EndpointUpdate> WatchAsync(string serviceName, CancellationToken cancellationToken);
}
