using Mesh.Client.Model;
using Mesh.Client.Testing;
using Mesh.Simulation.Figures;
using Mesh.Simulation.Fleet;
using Mesh.Simulation.Network;
using Mesh.Simulation.Virtual;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Simulation.Scenarios;

/// <summary>Zones of processes and servers, one of which loses its servers for a while.</summary>
internal sealed record ZoneRun
{
    public long Seed { get; init; } = 1;

    public int Zones { get; init; } = 3;

    /// <summary>In each zone.</summary>
    public int Clients { get; init; } = 20;

    /// <summary>In each zone.</summary>
    public int Servers { get; init; } = 8;

    public int Workers { get; init; } = 8;

    public double Load { get; init; } = 0.5;

    public TimeSpan Lost { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan Back { get; init; } = TimeSpan.FromSeconds(90);

    public TimeSpan Length { get; init; } = TimeSpan.FromSeconds(150);

    public TimeSpan Step { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Attempts of the zone that is lost, to its own servers and to others.</summary>
    public (Timeline Near, Timeline Far) OfTheLost { get; private set; }

    /// <summary>Attempts of the other zones.</summary>
    public (Timeline Near, Timeline Far) OfTheOthers { get; private set; }

    /// <summary>Attempts that came to the zones that are not lost.</summary>
    public Timeline Survivors { get; private set; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

    /// <summary>Attempts that came to the most loaded of their servers, by the step.</summary>
    public double[] Busiest { get; private set; } = [];

    public Calls Calls { get; private set; } = new(TimeSpan.Zero);

    public Timeline Failures { get; private set; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

    public double CallsPerSecondOfAZone => Load * Servers * Workers / 0.010;

    public ZoneRun Run()
    {
        Timeline New() => new(Step, Length);
        OfTheLost = (New(), New());
        OfTheOthers = (New(), New());
        Survivors = New();
        Failures = New();
        Calls = new Calls(TimeSpan.Zero) { OnFailure = Failures };
        var world = new World(Seed);
        var times = new ServiceTimes(TimeSpan.FromMilliseconds(10), 1);
        var near = new ServiceTimes(TimeSpan.FromMilliseconds(0.25), 0.5);
        var far = new ServiceTimes(TimeSpan.FromMilliseconds(1), 0.5);
        var servers = new SimulatedServer[Zones][];
        var sites = new Dictionary<string, (int Zone, Site Site, Timeline Load)>();
        for (int zone = 0; zone < Zones; zone++)
        {
            servers[zone] = [.. Enumerable.Range(0, Servers).Select(i => new SimulatedServer(world, $"10.{zone}.0.{i}", Workers, times, world.Chance(1_000_000 + (zone * 1000) + i)))];
            foreach (SimulatedServer server in servers[zone])
            {
                sites[server.Host] = (zone, server, New());
            }
        }

        var registry = new InMemoryRegistry();
        registry.Set(ClientProcess.Service, [.. servers.SelectMany((z, zone) => z.Select(s => new MeshEndpoint(s.Host, 80) { Locality = new Locality("eu", NameOf(zone)) }))]);
        List<ClientProcess> made = [];
        for (int i = 0; i < Zones * Clients; i++)
        {
            (int number, int zone) = (i, i % Zones);
            world.Begin(() =>
            {
                Random network = world.Chance(2_000_000 + number);
                var client = new ClientProcess(world, number, Connect, mesh => mesh
                    .AddInMemoryRegistry(registry)
                    .ConfigureLocal(local => (local.Region, local.Zone) = ("eu", NameOf(zone)))
                    .AddService(ClientProcess.Service));
                made.Add(client);
                client.Discover();
                _ = new PoissonLoad(world.Clock, client, CallsPerSecondOfAZone / Clients, Calls, world.Chance(3_000_000 + number));

                Wire Connect(MeshEndpoint endpoint)
                {
                    (int to, Site site, Timeline load) = sites[endpoint.Host];
                    (Timeline Near, Timeline Far) counts = zone == 0 ? OfTheLost : OfTheOthers;
                    return new Wire(site, to == zone ? near : far, network)
                    {
                        OnSent = () =>
                        {
                            (to == zone ? counts.Near : counts.Far).Add(world.Clock.Now);
                            if (to != 0)
                            {
                                Survivors.Add(world.Clock.Now);
                                load.Add(world.Clock.Now);
                            }
                        },
                    };
                }
            });
        }

        world.After(Lost, () => Array.ForEach(servers[0], static s => s.IsGone = true));
        world.After(Back, () => Array.ForEach(servers[0], static s => s.IsGone = false));
        world.RunUntil(Length);
        made.ForEach(static c => c.Dispose());
        Busiest = [.. Enumerable.Range(0, Survivors.Count).Select(step => sites.Values.Max(s => s.Load[step]))];
        return this;
    }

    /// <summary>The part of a zone's attempts that leave it, by time.</summary>
    public static IEnumerable<(double X, double Y)> Crossing((Timeline Near, Timeline Far) counts) =>
        counts.Near.Rates().Zip(counts.Far.Rates(), static (near, far) => (near.X, near.Y + far.Y == 0 ? 0 : 100 * far.Y / (near.Y + far.Y)));

    /// <summary>From a time to the first step from which a condition holds for three seconds; infinite where it never does.</summary>
    public double Until(TimeSpan from, Func<int, bool> holds)
    {
        int lasting = (int)(TimeSpan.FromSeconds(3) / Step);
        int first = (int)(from / Step);
        for (int step = first; step + lasting <= Survivors.Count; step++)
        {
            if (Enumerable.Range(step, lasting).All(holds))
            {
                return (step - first) * Step.TotalSeconds;
            }
        }

        return double.PositiveInfinity;
    }

    private static string NameOf(int zone) => $"eu-{zone + 1}";
}
