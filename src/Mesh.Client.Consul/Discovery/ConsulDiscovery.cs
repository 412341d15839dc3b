using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Mesh.Client.Consul.Api;
using Mesh.Client.Consul.Discovery.Catalog;
using Mesh.Client.Consul.Telemetry;
using Microsoft.Extensions.Logging;

namespace Mesh.Client.Consul.Discovery;

/// <summary>What all watches of a process share.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle holds nothing.")]
internal sealed class ConsulDiscovery
{
    private const int MaxRemembered = 100_000;

    /// <summary>Short questions have so many connections; the watches of the catalog and of the policies, the question for a leader and the names of datacenters have the rest of <see cref="Reserved"/>.</summary>
    private const int Readers = 6;

    private const int Reserved = Readers + 5;

    private readonly SemaphoreSlim _readers = new(Readers, Readers);
    private readonly ConcurrentDictionary<string, CatalogWatch> _catalogs = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, bool> _remembered = new(StringComparer.Ordinal);

    private int _places;
    private int _hasOverflowed;

    public ConsulDiscovery(ConsulClient client, TimeProvider clock, Random random, ILogger logger)
    {
        Client = client;
        Clock = clock;
        Random = random;
        Logger = logger;
        Log = new LogBudget(clock);
        Outage = new RegistryOutage(client, clock, random, Log, logger);
        Datacenters = new Datacenters(client, ReadAsync, clock);
    }

    public ConsulClient Client { get; }

    public TimeProvider Clock { get; }

    public Random Random { get; }

    public ILogger Logger { get; }

    /// <summary>Bounds what is logged of answers.</summary>
    public LogBudget Log { get; }

    public RegistryOutage Outage { get; }

    public Datacenters Datacenters { get; }

    /// <summary>Remembers that Consul knew a service.</summary>
    public void Remember(string serviceName)
    {
        if (_remembered.Count < MaxRemembered)
        {
            _remembered.TryAdd(serviceName, true);
        }
    }

    /// <summary>How many services may have a blocking query of their own.</summary>
    public int OwnPlaces => Client.Policy.MaxConnections - Reserved;

    /// <summary>Takes the place of a blocking query, to be given back.</summary>
    public bool TryTakePlace()
    {
        if (Interlocked.Increment(ref _places) <= OwnPlaces)
        {
            return true;
        }

        GivePlaceBack();
        if (Interlocked.Exchange(ref _hasOverflowed, 1) == 0)
        {
            ConsulLog.SharedWatchBegan(Logger, OwnPlaces);
        }

        return false;
    }

    public void GivePlaceBack() => Interlocked.Decrement(ref _places);

    /// <summary>The shared watch of a datacenter.</summary>
    public CatalogWatch Catalog(string datacenter) => _catalogs.GetOrAdd(datacenter, name => new CatalogWatch(name, this));

    /// <summary>Asks a short question when its turn comes; during an outage not at all.</summary>
    /// <exception cref="ConsulException">It was not answered.</exception>
    public async Task<ConsulAnswer> ReadAsync(ConsulQuery query, CancellationToken cancellationToken)
    {
        await _readers.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            Outage.ThrowIfOut();
            return await Client.GetAsync(query, cancellationToken).ConfigureAwait(false);
        }
        catch (ConsulException error) when (error.IsOutage)
        {
            // Before the turn of those who wait.
            Outage.Report(error);
            throw;
        }
        finally
        {
            _readers.Release();
        }
    }

    public bool Remembers(string serviceName) => _remembered.ContainsKey(serviceName);
}
