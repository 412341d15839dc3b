using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Mesh.Client.Balancing.Hashing;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Testing;
using Mesh.Client.Tests.AnyInput;
using Mesh.Client.Tests.Nodes;

namespace Mesh.Client.Tests.Balancing.Hashing;

public sealed class HashRingTests
{
    private static readonly Arbitrary<int[]> AnyWeights = Gen.Choose(1, 20).SelectMany(static count => Gen.Choose(1, 30).ArrayOf(count)).ToArbitrary();

    [Fact]
    public void Create_SixHostsOfTwoPoints_HasEnvoysPoints()
    {
        HashRing ring = HashRing.Create(Nodes(6), static _ => 2);

        Assert.Equal(12, ring.Points.Length);
        Assert.Equal(833437586790550860UL, ring.Points[0]);
        Assert.Equal(4, ring.Owners[0]);
        Assert.Equal(16117243373044804889UL, ring.Points[^1]);
        Assert.Equal(0, ring.Owners[^1]);
        Assert.All(Enumerable.Range(0, 6), owner => Assert.Equal(2, ring.Owners.Count(o => o == owner)));
    }

    [Fact]
    public void Find_BetweenPoints_IsTheNextOneAndWraps()
    {
        HashRing ring = HashRing.Create(Nodes(6), static _ => 2);

        Assert.Equal(0, ring.Find(0));
        Assert.Equal(0, ring.Find(833437586790550860));
        Assert.Equal(1, ring.Find(833437586790550861));
        Assert.Equal(11, ring.Find(16117243373044804889));
        Assert.Equal(0, ring.Find(16117243373044804890));
        Assert.Equal(0, ring.Find(ulong.MaxValue));
    }

    [Fact]
    public void Find_AnyHash_IsWhatAPlainSearchFinds() => ForAny.Check(AnyWeights, static weights =>
    {
        HashRing ring = HashRing.Create(Nodes(weights), static weight => weight);
        ulong[] points = ring.Points.ToArray();
        var random = new SeededRandom(weights.Length);
        ulong[] hashes = [.. Enumerable.Range(0, 50).Select(_ => (ulong)random.NextInt64() << 1), .. points, .. points.Select(static p => p + 1)];
        foreach (ulong hash in hashes)
        {
            int at = Array.FindIndex(points, p => p >= hash);
            Assert.Equal(Math.Max(0, at), ring.Find(hash));
        }
    });

    [Fact]
    public void Create_AnotherOrder_IsTheSameRing()
    {
        ImmutableArray<EndpointNode> nodes = Nodes(1, 2, 3, 4, 5);
        HashRing ring = HashRing.Create(nodes, static weight => 100 * weight);
        ImmutableArray<EndpointNode> turned = [.. nodes.Reverse()];
        HashRing other = HashRing.Create(turned, static weight => 100 * weight);

        Assert.Equal(ring.Points, other.Points);
        Assert.Equal(ring.Owners.Select(o => nodes[o]), other.Owners.Select(o => turned[o]));
    }

    private static ImmutableArray<EndpointNode> Nodes(int count) => Nodes(PickBench.Equal(count));

    private static ImmutableArray<EndpointNode> Nodes(params int[] weights) =>
        new Fleet([.. weights.Select(static (w, i) => new MeshEndpoint("127.0.0.1", 90 + i) { Weight = w })]).Nodes;
}
