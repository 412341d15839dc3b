using System.Net;

namespace Mesh.Client.Discovery;

/// <summary>Looks up the addresses of a host name.</summary>
internal interface IHostResolver
{
    /// <summary>Looks up A and AAAA records.</summary>
    /// <returns>The addresses; none where the name does not exist.</returns>
    Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken);
}
