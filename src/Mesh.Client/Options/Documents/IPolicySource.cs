namespace Mesh.Client.Options;

/// <summary>
/// Brings policies from outside of the process, as JSON documents over the configuration and beneath code. They can set nothing but <c>Defaults</c> and
/// <c>Services</c>. Sources count in the order in which they were added: a later one over an earlier one.
/// </summary>
public interface IPolicySource
{
    /// <summary>The name that logs and <c>IMeshStatus</c> use, such as <c>Consul</c>.</summary>
    string Name { get; }

    /// <summary>Follows the documents for the life of the process. Nothing waits for the first answer; until it is there the configuration applies.</summary>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <returns>
    /// The answers, each with all documents that there are: one that is not among them any more is deleted, and the configuration applies again. A source that throws
    /// has failed, and one that ends has stopped; both are started again with back-off (0.5 s to 30 s, full jitter), and the last good documents stay in force.
    /// </returns>
    IAsyncEnumerable<PolicyDocuments> WatchAsync(CancellationToken cancellationToken);
}
