using Mesh.Client.Model;
using Mesh.Client.Testing;
using Mesh.Simulation.Figures;
using Mesh.Simulation.Fleet;
using Mesh.Simulation.Network;
using Mesh.Simulation.Virtual;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Simulation.Scenarios;

/// <summary>A chain of services, each of which calls the next one, and a last one that fails.</summary>
internal sealed record AmplificationRun
{
    public long Seed { get; init; } = 1;

    /// <summary>How many services call another one, the first one's callers not counted.</summary>
    public int Layers { get; init; } = 5;

    /// <summary>Processes of each service.</summary>
    public int Width { get; init; } = 5;

    public double CallsPerSecond { get; init; } = 2000;

    public bool HasBudget { get; init; }

    /// <summary>Whether replies say that they were tried several times further down; otherwise that is taken off.</summary>
    public bool HasMarks { get; init; } = true;

    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(15);

    public TimeSpan Measured { get; init; } = TimeSpan.FromSeconds(45);

    public Digest Digest { get; private set; } = new();

    /// <summary>Requests at each layer for each call at the top, the top first.</summary>
    public double[] Run()
    {
        var world = new World(Seed);
        var latency = new ServiceTimes(TimeSpan.FromMilliseconds(0.25), 0.5);
        var registry = new InMemoryRegistry();
        var sites = new Dictionary<string, Site>();
        var layers = new List<Site>[Layers];
        List<ClientProcess> made = [];
        for (int layer = 0; layer < Layers; layer++)
        {
            layers[layer] = [];
            registry.Set(NameOf(layer), [.. Enumerable.Range(0, Width).Select(i => new MeshEndpoint(HostOf(layer, i), 80))]);
            for (int i = 0; i < Width; i++)
            {
                (int at, int number) = (layer, i);
                world.Begin(() =>
                {
                    Site site = at == Layers - 1
                        ? new SimulatedServer(world, HostOf(at, number), 1, new ServiceTimes(TimeSpan.FromMilliseconds(1), 1), world.Chance(number)) { IsBroken = true }
                        : Served(Process(at + 1, (at * 1000) + number), at, number);
                    layers[at].Add(site);
                    sites[site.Host] = site;
                });
            }
        }

        var calls = new Calls(TimeSpan.Zero);
        for (int i = 0; i < Width; i++)
        {
            int number = i;
            world.Begin(() => _ = new PoissonLoad(world.Clock, Process(0, 900_000 + number), CallsPerSecond / Width, calls, world.Chance(3_000_000 + number)));
        }

        long[] before = [];
        long callsBefore = 0;
        world.After(WarmUp, () => (before, callsBefore) = (Arrived(), calls.Begun));
        world.RunUntil(WarmUp + Measured);
        made.ForEach(static c => c.Dispose());
        Digest = new();
        Digest.Add((long)calls.Digest.Value);
        double begun = calls.Begun - callsBefore;
        return [.. Arrived().Select((a, i) => (a - before[i]) / begun)];

        long[] Arrived() => [.. layers.Select(static l => l.Sum(static s => s.Arrived))];

        ServedProcess Served(ClientProcess process, int at, int number) => new(
            world, HostOf(at, number), process, HasMarks, async _ => await process.CallAsync().ConfigureAwait(false) ? 200 : 503);

        ClientProcess Process(int target, int number)
        {
            Random network = world.Chance(2_000_000 + number);
            var process = new ClientProcess(
                world,
                number,
                e => new Wire(sites[e.Host], latency, network),
                mesh => mesh.AddInMemoryRegistry(registry).AddService(NameOf(target), options =>
                {
                    if (!HasBudget)
                    {
                        options.Retry.BudgetRatio = 10;
                        options.Retry.BudgetMinPerSecond = 100_000;
                    }
                }),
                service: NameOf(target));
            made.Add(process);
            process.Discover();
            return process;
        }
    }

    private static string NameOf(int layer) => $"layer{layer + 1}";

    private static string HostOf(int layer, int number) => $"10.{layer + 1}.0.{number}";
}
