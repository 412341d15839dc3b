using Mesh.Client.Model;
using Mesh.Client.Testing;
using Mesh.Simulation.Figures;
using Mesh.Simulation.Fleet;
using Mesh.Simulation.Network;
using Mesh.Simulation.Virtual;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Simulation.Scenarios;

/// <summary>A fleet whose servers take twice as long for a while.</summary>
internal sealed record MetastableRun
{
    public long Seed { get; init; } = 1;

    public int Clients { get; init; } = 25;

    public int Servers { get; init; } = 10;

    public int Workers { get; init; } = 8;

    public double Load { get; init; } = 0.8;

    public bool HasBudget { get; init; }

    public bool Sheds { get; init; }

    /// <summary>Whether a server leaves out what its caller has given up.</summary>
    public bool Looks { get; init; }

    public TimeSpan Begin { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan End { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan Length { get; init; } = TimeSpan.FromSeconds(120);

    public double CallsPerSecond => Load * Servers * Workers / 0.010;

    /// <summary>What was answered well in time, by the moment of the answer.</summary>
    public Timeline Good { get; private set; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

    /// <summary>Attempts that came to a server.</summary>
    public Timeline Attempts { get; private set; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

    public Digest Digest { get; private set; } = new();

    /// <summary>From the end of the trouble to the first of ten seconds whose goodput is 95 % of the calls; infinite where there are none.</summary>
    public double Recovery
    {
        get
        {
            const int Lasting = 10;
            for (int second = (int)End.TotalSeconds; second + Lasting <= Good.Count; second++)
            {
                if (Enumerable.Range(second, Lasting).All(s => Good[s] >= 0.95 * CallsPerSecond))
                {
                    return second - End.TotalSeconds;
                }
            }

            return double.PositiveInfinity;
        }
    }

    public MetastableRun Run()
    {
        Digest = new();
        Good = new(TimeSpan.FromSeconds(1), Length);
        Attempts = new(TimeSpan.FromSeconds(1), Length);
        var world = new World(Seed);
        var times = new ServiceTimes(TimeSpan.FromMilliseconds(10), 1);
        var latency = new ServiceTimes(TimeSpan.FromMilliseconds(0.25), 0.5);
        var sites = new Dictionary<string, Site>();
        List<SimulatedServer> servers = [];
        List<ClientProcess> made = [];
        var registry = new InMemoryRegistry();
        for (int i = 0; i < Servers; i++)
        {
            int number = i;
            world.Begin(() =>
            {
                string host = $"10.0.0.{number}";
                var server = new SimulatedServer(world, host, Workers, times, world.Chance(1_000_000 + number)) { Looks = Looks };
                servers.Add(server);
                sites[host] = Sheds ? Shedding(world, number, server, made) : server;
            });
        }

        registry.Set(ClientProcess.Service, [.. Enumerable.Range(0, Servers).Select(static i => new MeshEndpoint($"10.0.0.{i}", 80))]);
        for (int i = 0; i < Clients; i++)
        {
            int number = i;
            world.Begin(() =>
            {
                Random network = world.Chance(2_000_000 + number);
                var client = new ClientProcess(world, number, e => new Wire(sites[e.Host], latency, network) { OnSent = () => Attempts.Add(world.Clock.Now) }, mesh => mesh
                    .AddInMemoryRegistry(registry)
                    .AddService(ClientProcess.Service, options =>
                    {
                        options.AttemptTimeout = TimeSpan.FromMilliseconds(500);
                        options.Timeout = TimeSpan.FromSeconds(2);
                        if (!HasBudget)
                        {
                            options.Retry.BudgetRatio = 10;
                            options.Retry.BudgetMinPerSecond = 100_000;
                        }
                    }));
                made.Add(client);
                client.Discover();
                var calls = new Calls(TimeSpan.Zero) { OnSuccess = Good };
                _ = new PoissonLoad(world.Clock, client, CallsPerSecond / Clients, calls, world.Chance(3_000_000 + number));
                world.After(Length - TimeSpan.FromTicks(1), () => Digest.Add((long)calls.Digest.Value));
            });
        }

        world.After(Begin, () => servers.ForEach(static s => s.Slowness = 2));
        world.After(End, () => servers.ForEach(static s => s.Slowness = 1));
        world.RunUntil(Length);
        made.ForEach(static c => c.Dispose());
        return this;
    }

    private static ServedProcess Shedding(World world, int number, SimulatedServer server, List<ClientProcess> made)
    {
        var process = new ClientProcess(world, 4_000_000 + number, static _ => throw new InvalidOperationException("It calls nobody."), static mesh => mesh.ConfigureServer(static o => o.Concurrency.Adaptive = true));
        made.Add(process);
        return new ServedProcess(world, server.Host, process, hasMarks: true, async _ =>
        {
            await Workload.DoAsync(server).ConfigureAwait(false);
            return 200;
        });
    }
}
