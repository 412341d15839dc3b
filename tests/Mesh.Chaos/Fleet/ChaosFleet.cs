using System.Globalization;
using Mesh.Chaos.Checks;
using Mesh.Faults;
using Mesh.IntegrationTests.Consul.Servers;
using Mesh.IntegrationTests.Redis.Servers;

namespace Mesh.Chaos.Fleet;

/// <summary>All that takes part in a run, and the links between: a fault proxy in front of each instance, and one for each process in front of Consul and Redis.</summary>
internal sealed class ChaosFleet : IAsyncDisposable
{
    public const int Count = 8;

    private readonly List<IAsyncDisposable> _owned = [];

    private ChaosFleet(ConsulServer consul, RedisServer redis, RunClock clock)
    {
        Consul = consul;
        Redis = redis;
        Ledger = new HealthLedger(clock, Count);
        _owned.AddRange(consul, redis);
    }

    public ConsulServer Consul { get; }

    public RedisServer Redis { get; }

    public HealthLedger Ledger { get; }

    public Instance[] Instances { get; private set; } = [];

    /// <summary>To Consul: of the library, the agent and the instances.</summary>
    public FaultProxy[] ConsulLinks { get; private set; } = [];

    /// <summary>To Redis: of the library and the agent.</summary>
    public FaultProxy[] RedisLinks { get; private set; } = [];

    public MeshSide Mesh { get; private set; } = null!;

    public AgentSide Agent { get; private set; } = null!;

    public string Folder { get; } = Directory.CreateTempSubdirectory("mesh-chaos-").FullName;

    /// <summary>The configuration file of the library in this process.</summary>
    public string MeshFilePath => Path.Combine(Folder, "mesh.json");

    /// <summary>What should stand there.</summary>
    public string MeshFileGood { get; private set; } = "";

    /// <summary>Starts it all, and waits until Consul lists the instances.</summary>
    public static async Task<ChaosFleet> StartAsync(int seed, RunClock clock)
    {
        ConsulServer consul = await ConsulServer.StartAsync();
        var fleet = new ChaosFleet(consul, await RedisServer.StartAsync(), clock);
        try
        {
            await fleet.StartAsync(seed);
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    /// <summary>How many sockets of this process are those of the fault proxies: two for each connection, and their listeners.</summary>
    public int ProxySockets() => Instances.Select(static i => i.Proxy).Concat(ConsulLinks).Concat(RedisLinks).Sum(static p => (2 * p.Connections) + 1);

    /// <summary>The names of the instances that Consul lists with passing checks.</summary>
    public async Task<HashSet<string>> ListedAsync()
    {
        try
        {
            using var answer = System.Text.Json.JsonDocument.Parse(await Consul.GetAsync("/v1/health/service/orders?passing"));
            return [.. answer.RootElement.EnumerateArray().Select(static e => e.GetProperty("Service").GetProperty("ID").GetString()!)];
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            return [];
        }
    }

    /// <summary>Waits until Consul lists an instance.</summary>
    public async Task<bool> IsListedAsync(Instance instance, TimeSpan patience)
    {
        for (long start = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(start) < patience; await Task.Delay(100))
        {
            if ((await ListedAsync()).Contains(instance.Name))
            {
                return true;
            }
        }

        return false;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable owned in Enumerable.Reverse(_owned))
        {
            await owned.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }

    private async Task StartAsync(int seed)
    {
        int consul = new Uri(Consul.Address).Port;
        int redis = int.Parse(Redis.Address.Split(':')[1], CultureInfo.InvariantCulture);
        ConsulLinks = [.. Enumerable.Range(0, 3).Select(i => Owned(FaultProxy.Start(consul, isHttp: false, seed + i)))];
        RedisLinks = [.. Enumerable.Range(0, 2).Select(i => Owned(FaultProxy.Start(redis, isHttp: false, seed + i)))];
        await Consul.PutAsync("/v1/kv/mesh/policies/orders.json", MeshFile.GoodPolicy);
        Instances = [.. Enumerable.Range(0, Count).Select(i => Owned(new Instance($"orders-{i}", ConsulLinks[2].Uri.GetLeftPart(UriPartial.Authority), Folder, seed + i)))];
        MeshFileGood = MeshFile.Good("driver", ConsulLinks[0].Uri, RedisLinks[0].Port);
        await File.WriteAllTextAsync(MeshFilePath, MeshFileGood);
        foreach (Instance instance in Instances)
        {
            Assert.True(await IsListedAsync(instance, TimeSpan.FromSeconds(90)), $"{instance.Name} does not register: {instance.Process.Output}");
        }

        Agent = Owned(await AgentSide.StartAsync(Path.Combine(Folder, "agent.json"), ConsulLinks[1].Uri, RedisLinks[1].Port));
        Mesh = Owned(new MeshSide(MeshFilePath));
    }

    private T Owned<T>(T owned)
        where T : IAsyncDisposable
    {
        _owned.Add(owned);
        return owned;
    }
}
