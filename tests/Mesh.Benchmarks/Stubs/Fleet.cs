using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Mesh.Client.Balancing;
using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Services;

namespace Mesh.Benchmarks.Stubs;

/// <summary>Endpoints and nodes in numbers.</summary>
internal static class Fleet
{
    public static ServicePolicy Policy { get; } = new();

    /// <summary>Endpoints as a registry's answer gives them: each string and record its own.</summary>
    public static ImmutableArray<MeshEndpoint> Endpoints(int count) => [.. Enumerable.Range(0, count).Select(static i => Endpoint(i))];

    /// <summary>The endpoint of one number; each <paramref name="generation"/> is another instance at another address.</summary>
    public static MeshEndpoint Endpoint(int number, int generation = 0) =>
        new(string.Create(CultureInfo.InvariantCulture, $"10.{generation}.{number >> 8}.{number & 255}"), 8080)
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"orders-{generation}-{number}"),
        };

    /// <summary>Nodes of which about half have calls in flight.</summary>
    public static ImmutableArray<EndpointNode> BusyNodes(int count)
    {
        var random = new Random(1);
        ImmutableArray<EndpointNode> nodes = new NodeTable(new StubNodeOwner()).Apply(Endpoints(count)).Nodes;
        foreach (EndpointNode node in nodes)
        {
            for (int calls = random.Next(-3, 4); calls > 0; calls--)
            {
                node.TryBegin(Stopwatch.GetTimestamp(), ignoreGate: false, out _);
            }
        }

        return nodes;
    }

    /// <summary>Pickers as a service of the default policy gets them.</summary>
    public static PickerBuilder Builder(LoadBalancer balancer, EjectionLedger ledger) =>
        new(balancer, Policy.Balancing, new LocalPolicy(), ledger, Stopwatch.Frequency, Stopwatch.GetTimestamp());

    public static LoadBalancer Balancer(string name) => BuiltInBalancers.Create(new BalancingPolicy { Policy = name }, []);
}
