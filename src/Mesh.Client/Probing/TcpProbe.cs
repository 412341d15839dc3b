using Mesh.Client.Model;

namespace Mesh.Client.Probing;

/// <summary>A connection that is made and closed.</summary>
/// <param name="dial">Makes a connection.</param>
/// <param name="endpoint">The endpoint, with the port to dial.</param>
internal sealed class TcpProbe(Func<MeshEndpoint, CancellationToken, ValueTask<Stream>> dial, MeshEndpoint endpoint) : IProbe
{
    public async Task<string?> AskAsync(CancellationToken cancellationToken)
    {
        Stream connection = await dial(endpoint, cancellationToken).ConfigureAwait(false);
        await connection.DisposeAsync().ConfigureAwait(false);
        return null;
    }

    public void Dispose()
    {
        // Nothing outlives a probe.
    }
}
