using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Mesh.Client.Consul.Api;
using Mesh.Client.Consul.Api.Records;

namespace Mesh.Client.Consul.Discovery;

/// <summary>Tells <c>orders.dc2</c>, the service <c>orders</c> in the datacenter <c>dc2</c>, from a name that only has dots in it. Asked for names with dots only.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle holds nothing.")]
internal sealed class Datacenters(ConsulClient client, Func<ConsulQuery, CancellationToken, Task<ConsulAnswer>> read, TimeProvider clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim _one = new(1, 1);
    private volatile Known? _known;

    public async ValueTask<ServiceTarget> TargetAsync(string serviceName, CancellationToken cancellationToken)
    {
        int dot = serviceName.LastIndexOf('.');
        if (dot <= 0 || dot == serviceName.Length - 1)
        {
            return new ServiceTarget(serviceName, client.Policy.Datacenter);
        }

        HashSet<string> names = await NamesAsync(cancellationToken).ConfigureAwait(false);
        return names.TryGetValue(serviceName[(dot + 1)..], out string? datacenter)
            ? new ServiceTarget(serviceName[..dot], datacenter)
            : new ServiceTarget(serviceName, client.Policy.Datacenter);
    }

    private async ValueTask<HashSet<string>> NamesAsync(CancellationToken cancellationToken)
    {
        // Of many services that come into use at once, one asks.
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _known is { } known && clock.GetElapsedTime(known.Read) < Lifetime ? known.Names : await ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<HashSet<string>> ReadAsync(CancellationToken cancellationToken)
    {
        var query = new ConsulQuery("catalog/datacenters");
        using ConsulAnswer answer = await read(query, cancellationToken).ConfigureAwait(false);
        try
        {
            HashSet<string> names = new((JsonSerializer.Deserialize(answer.Body, ConsulJson.Default.ListString) ?? []).Where(static n => n is not null), StringComparer.OrdinalIgnoreCase);
            _known = new Known(names, clock.GetTimestamp());
            return names;
        }
        catch (JsonException error)
        {
            throw client.Unreadable(query, error.Message);
        }
    }

    private sealed record Known(HashSet<string> Names, long Read);
}
