using System.Collections.Immutable;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.Tests.Services;

/// <summary>What a source says that cannot be true changes nothing.</summary>
public sealed class RefusedUpdateTests : IDisposable
{
    private const int RefusedEvent = 2013;
    private readonly WatchedMesh _mesh = new();

    public static TheoryData<string> BadSets => [.. Bad.Keys];

    private static Dictionary<string, MeshEndpoint> Bad { get; } = new()
    {
        ["no host"] = new("", 80),
        ["a blank in the host"] = new("10.0.0. 1", 80),
        ["a bracketed host"] = new("[::1]", 80),
        ["a URI for a host"] = new("http://10.0.0.1", 80),
        ["a line break in the host"] = new("orders\r\nx: y", 80),
        ["an endless host"] = new(new string('a', 10_000), 80),
        ["a negative port"] = new("10.0.0.1", -1),
        ["a port past the last"] = new("10.0.0.1", 65536),
        ["no locality"] = new MeshEndpoint("10.0.0.1", 80) { Locality = null! },
        ["no zone"] = new MeshEndpoint("10.0.0.1", 80) { Locality = new Locality("eu", null!) },
        ["a negative weight"] = new MeshEndpoint("10.0.0.1", 80) { Weight = int.MinValue },
        ["a weight past the greatest"] = new MeshEndpoint("10.0.0.1", 80) { Weight = 65536 },
        ["another scheme"] = new MeshEndpoint("10.0.0.1", 80) { Scheme = "ftp" },
        ["null"] = null!,
    };

    [Theory]
    [MemberData(nameof(BadSets))]
    public async Task Found_OneEndpointThatCannotBeUsed_KeepsTheLastGoodSet(string fault)
    {
        EndpointNode[] nodes = await _mesh.RegisterAsync(1, 2);

        Say([new MeshEndpoint("10.0.0.2", 80), new MeshEndpoint("10.0.0.3", 80), Bad[fault]]);
        await Until.HoldsAsync(() => _mesh.Log.Of(RefusedEvent).Any());
        Assert.Equal(nodes, _mesh.Nodes);

        Say([new MeshEndpoint("10.0.0.2", 80), new MeshEndpoint("10.0.0.3", 80)]);
        await Until.HoldsAsync(() => _mesh.Hosts is ["2", "3"]);
        Assert.Same(nodes[1], _mesh.Nodes[0]);
        Assert.Single(_mesh.Log.Of(RefusedEvent));
    }

    [Fact]
    public async Task Found_AnEndlessSet_KeepsTheLastGoodSet()
    {
        EndpointNode[] nodes = await _mesh.RegisterAsync(1, 2);

        Say([.. Enumerable.Repeat(new MeshEndpoint("10.0.0.1", 80), 100_001)]);

        await Until.HoldsAsync(() => _mesh.Log.Of(RefusedEvent).Any());
        Assert.Equal(nodes, _mesh.Nodes);
    }

    [Fact]
    public async Task Found_WhileARefusedSetStands_TakesAChangedPolicyAllTheSame()
    {
        EndpointNode[] nodes = await _mesh.RegisterAsync(1, 2);
        Say([Bad["a negative weight"]]);
        await Until.HoldsAsync(() => _mesh.Log.Of(RefusedEvent).Any());

        _mesh.Configure(("Services:orders:AttemptTimeout", "00:00:07"));

        await Until.HoldsAsync(() => _mesh.Orders.Snapshot!.Policy.AttemptTimeout == TimeSpan.FromSeconds(7));
        Assert.Equal(nodes, _mesh.Nodes);
    }

    [Fact]
    public async Task Found_ARefusedSetDuringTheGrace_DoesNotEndIt()
    {
        EndpointNode[] nodes = await _mesh.RegisterAsync(1);
        _mesh.Registry.SetEmpty("orders", confirmed: false);
        await Until.HoldsAsync(() => _mesh.Log.Of(2003).Any());
        Say([Bad["a negative weight"]]);
        await Until.HoldsAsync(() => _mesh.Log.Of(RefusedEvent).Any());

        _mesh.Clock.Advance(TimeSpan.FromSeconds(30));

        await Until.HoldsAsync(() => nodes[0].IsUnlisted);
    }

    [Fact]
    public async Task Found_EveryLegalExtreme_IsTaken()
    {
        Say(
        [
            new MeshEndpoint("a", 65535) { Weight = 65535 }, new MeshEndpoint("::1", 1), new MeshEndpoint("fe80::1", 0), new MeshEndpoint("xn--bcher-kva.example", 80),
            new MeshEndpoint(string.Join('.', Enumerable.Repeat(new string('a', 50), 4)), 80) { Scheme = "https" },
        ]);

        await Until.HoldsAsync(() => _mesh.Nodes.Length == 5);
    }

    public void Dispose() => _mesh.Dispose();

    private void Say(ImmutableArray<MeshEndpoint> endpoints) => _mesh.Registry.Set("orders", new EndpointSet(endpoints));
}
