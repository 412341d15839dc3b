using Mesh.Client.Discovery.Cache;
using Mesh.Client.Model;
using Mesh.Client.Services;
using Mesh.Simulation.Figures;
using Mesh.Simulation.Fleet;
using Mesh.Simulation.Registry;
using Mesh.Simulation.Virtual;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Simulation.Scenarios;

/// <summary>Processes that all start at the same moment, against one registry.</summary>
internal sealed record RestartRun
{
    public long Seed { get; init; } = 1;

    public int Processes { get; init; } = 10_000;

    /// <summary>Whether an earlier life left its last good answers on disk.</summary>
    public bool HasCache { get; init; }

    public int Workers { get; init; } = 4;

    public TimeSpan AnswerTime { get; init; } = TimeSpan.FromMilliseconds(2);

    public int MostWaiting { get; init; } = 500;

    public TimeSpan Start { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan Length { get; init; } = TimeSpan.FromSeconds(70);

    public Timeline Asked { get; private set; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

    public long Refused { get; private set; }

    public int WaitedAtMost { get; private set; }

    /// <summary>For each process the seconds until it had endpoints to call; sorted, infinite where it never had.</summary>
    public List<double> Ready { get; private set; } = [];

    /// <summary>The same until the registry had told them.</summary>
    public List<double> Told { get; private set; } = [];

    public Digest Digest { get; private set; } = new();

    public RestartRun Run()
    {
        (Ready, Told, Digest) = ([], [], new());
        Asked = new(TimeSpan.FromMilliseconds(100), Length);
        var world = new World(Seed);
        var endpoints = new EndpointSet([.. Enumerable.Range(0, 20).Select(static i => new MeshEndpoint($"10.0.0.{i}", 80))]);
        var registry = new SimulatedRegistry(world, endpoints, Workers, AnswerTime, MostWaiting);
        var disk = new MemoryDisk(world.Clock);
        List<(ClientProcess Process, MeshService Service)> made = [];
        if (HasCache)
        {
            // The life before.
            world.Begin(() => Make(0, static () => { }));
        }

        world.After(Start, () =>
        {
            made.ForEach(static m => m.Process.Dispose());
            made.Clear();
            registry.Asked = Asked;
            for (int i = 1; i <= Processes; i++)
            {
                int number = i;
                world.Begin(() => Make(number, () =>
                {
                    Told.Add((world.Clock.Elapsed - Start).TotalSeconds);
                    Digest.Add(world.Clock.Now + number);
                }));
            }
        });
        var ready = new HashSet<int>();
        for (TimeSpan look = Start; look < Length; look += TimeSpan.FromMilliseconds(100))
        {
            world.After(look + TimeSpan.FromMilliseconds(25), () =>
            {
                for (int i = 0; i < made.Count && ready.Count < Processes; i++)
                {
                    if (made[i].Service.Snapshot is not null && ready.Add(i))
                    {
                        Ready.Add((world.Clock.Elapsed - Start).TotalSeconds);
                    }
                }
            });
        }

        world.RunUntil(Length);
        Refused = registry.Refused;
        WaitedAtMost = registry.MostWaiting;
        made.ForEach(static m => m.Process.Dispose());
        return this;

        void Make(int number, Action onAnswer)
        {
            Random random = world.Chance(number);
            var process = new ClientProcess(
                world,
                number,
                static _ => throw new InvalidOperationException("It calls nobody."),
                mesh => mesh
                    .AddEndpointSource(new RegistrySource(registry, random, onAnswer))
                    .ConfigureDiscovery(discovery => (discovery.Sources, discovery.CacheDirectory) = (["Registry"], HasCache ? "/cache" : ""))
                    .AddService(ClientProcess.Service),
                services => services.AddSingleton<ICacheDisk>(disk));
            made.Add((process, process.Discover()));
        }
    }

    /// <summary>The time until a part of the processes were there.</summary>
    public double Until(List<double> times, double part)
    {
        int index = (int)Math.Ceiling(part * Processes) - 1;
        return index < times.Count ? times[index] : double.PositiveInfinity;
    }
}
