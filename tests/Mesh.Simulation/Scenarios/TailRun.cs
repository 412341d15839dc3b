using Mesh.Client.Model;
using Mesh.Client.Testing;
using Mesh.Simulation.Figures;
using Mesh.Simulation.Fleet;
using Mesh.Simulation.Network;
using Mesh.Simulation.Virtual;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Simulation.Scenarios;

/// <summary>Some servers are slower than the others: how long do calls take with each balancer, beside an oracle?</summary>
internal sealed record TailRun
{
    public long Seed { get; init; } = 1;

    public int Clients { get; init; } = 100;

    public int Servers { get; init; } = 20;

    /// <summary>How many of the servers each process uses; 0 is all. A node takes some 600 B: ten thousand processes with a thousand servers each would take 6 GB.</summary>
    public int Subset { get; init; }

    /// <summary>How many of the servers are slower.</summary>
    public int Slow { get; init; } = 1;

    /// <summary>How many times slower.</summary>
    public double Slowness { get; init; } = 10;

    /// <summary>The calls, as a part of what all servers together could serve.</summary>
    public double Load { get; init; } = 0.7;

    public int Workers { get; init; } = 8;

    public TimeSpan ServiceTime { get; init; } = TimeSpan.FromMilliseconds(10);

    public double Variation { get; init; } = 1;

    public TimeSpan Latency { get; init; } = TimeSpan.FromMilliseconds(0.25);

    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(15);

    public TimeSpan Measured { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>Runs it.</summary>
    /// <param name="balancer">The balancer; <see langword="null"/> is the oracle.</param>
    /// <param name="slowCalls">The part of the calls that went to slow servers.</param>
    public Calls Run(string? balancer, out double slowCalls)
    {
        var world = new World(Seed);
        var times = new ServiceTimes(ServiceTime, Variation);
        var latency = new ServiceTimes(Latency, 0.5);
        SimulatedServer[] servers = [.. Enumerable.Range(0, Servers).Select(i => new SimulatedServer(world, $"10.0.{i >> 8}.{i & 255}", Workers, times, world.Chance(1_000_000 + i)) { Slowness = i < Slow ? Slowness : 1 })];
        var byHost = servers.ToDictionary(static s => s.Host);
        MeshEndpoint[] endpoints = [.. servers.Select(static s => new MeshEndpoint(s.Host, 80))];
        var shared = new InMemoryRegistry();
        shared.Set(ClientProcess.Service, endpoints);
        double capacity = servers.Sum(static s => s.Workers / s.MeanTime) * TimeSpan.TicksPerSecond;
        var onTheWay = new int[Servers];
        var calls = new Calls(WarmUp);
        List<ClientProcess> made = [];
        for (int i = 0; i < Clients; i++)
        {
            int number = i;
            world.Begin(() =>
            {
                Random network = world.Chance(2_000_000 + number);
                IProcess process = new OracleProcess(servers, onTheWay, latency, network);
                if (balancer is not null)
                {
                    InMemoryRegistry registry = Subset == 0 ? shared : Part(endpoints, world.Chance(6_000_000 + number));
                    var client = new ClientProcess(world, number, e => new Wire(byHost[e.Host], latency, network), mesh => mesh
                        .AddInMemoryRegistry(registry)
                        .AddService(ClientProcess.Service, options => options.LoadBalancing.Policy = balancer));
                    made.Add(client);
                    client.Discover();
                    process = client;
                }

                _ = new PoissonLoad(world.Clock, process, Load * capacity / Clients, calls, world.Chance(3_000_000 + number));
            });
        }

        long before = 0;
        world.After(WarmUp, () => before = servers.Take(Slow).Sum(static s => s.Arrived));
        world.RunUntil(WarmUp + Measured);
        slowCalls = (servers.Take(Slow).Sum(static s => s.Arrived) - before) / (double)(calls.Succeeded + calls.Failed);
        made.ForEach(static c => c.Dispose());
        return calls;
    }

    // As a registry would that knows of subsets.
    private InMemoryRegistry Part(MeshEndpoint[] endpoints, Random random)
    {
        var registry = new InMemoryRegistry();
        registry.Set(ClientProcess.Service, random.GetItems(endpoints, 2 * Subset).Distinct().Take(Subset).ToArray());
        return registry;
    }
}
