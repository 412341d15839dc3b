using System.Collections.Concurrent;
using System.Net;
using Mesh.Client.Discovery;

namespace Mesh.Client.Tests.Discovery;

/// <summary>A DNS that knows what a test tells it.</summary>
internal sealed class FakeResolver : IHostResolver
{
    private readonly ConcurrentDictionary<string, Func<IPAddress[]>> _answers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _asked = new(StringComparer.Ordinal);

    /// <summary>How often a host was looked up.</summary>
    public int Asked(string host) => _asked.GetValueOrDefault(host);

    public void Set(string host, params string[] addresses) => _answers[host] = () => [.. addresses.Select(IPAddress.Parse)];

    public void Fail(string host, Exception error) => _answers[host] = () => throw error;

    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _asked.AddOrUpdate(host, 1, static (_, n) => n + 1);
        return Task.FromResult(_answers.TryGetValue(host, out Func<IPAddress[]>? answer) ? answer() : []);
    }
}
