using System.Collections.Concurrent;
using Mesh.Client.Consul.Api;
using Mesh.Client.Consul.Telemetry;
using Microsoft.Extensions.Logging;

namespace Mesh.Client.Consul.Discovery;

/// <summary>What all watches of a process share.</summary>
internal sealed class ConsulDiscovery
{
    private const int MaxRemembered = 100_000;

    private readonly ConcurrentDictionary<string, bool> _remembered = new(StringComparer.Ordinal);

    public ConsulDiscovery(ConsulClient client, TimeProvider clock, Random random, ILogger logger)
    {
        Client = client;
        Clock = clock;
        Random = random;
        Logger = logger;
        Log = new LogBudget(clock);
        Outage = new RegistryOutage(client, clock, random, logger);
        Datacenters = new Datacenters(client, clock);
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

    public bool Remembers(string serviceName) => _remembered.ContainsKey(serviceName);
}
