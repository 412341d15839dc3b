using System.Collections.Concurrent;
using System.Net;
using Mesh.Client.Discovery;

namespace Mesh.Client.Tests;

/// <summary>A DNS that knows what the test says, and counts what it was asked.</summary>
internal sealed class FakeHosts : IHostResolver
{
    private readonly ConcurrentDictionary<string, int> _asked = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, IPAddress[]> _known = new(StringComparer.Ordinal);

    public IPAddress[] this[string host]
    {
        set => _known[host] = value;
    }

    public int Asked(string host) => _asked.GetValueOrDefault(host);

    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        _asked.AddOrUpdate(host, 1, static (_, count) => count + 1);
        return Task.FromResult(_known.GetValueOrDefault(host, []));
    }
}
