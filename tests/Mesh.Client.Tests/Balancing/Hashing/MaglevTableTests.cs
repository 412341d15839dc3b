using System.Collections.Immutable;
using FsCheck.Fluent;
using Mesh.Client.Balancing.Hashing;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Tests.AnyInput;
using Mesh.Client.Tests.Nodes;

namespace Mesh.Client.Tests.Balancing.Hashing;

public sealed class MaglevTableTests
{
    private const int Size = 65537;

    [Fact]
    public void Create_SixHostsOfEnvoy_IsItsTable() => Assert.Equal([2, 4, 0, 1, 5, 0, 3], MaglevTable.Create(Nodes(PickBench.Equal(6)), 7).Owners);

    [Fact]
    public void Create_AnotherOrder_IsTheSameTable() => ForAny.Check(
        Gen.Choose(2, 12).SelectMany(static count => Gen.Choose(1, 5).ArrayOf(count)).ToArbitrary(),
        static weights =>
        {
            ImmutableArray<EndpointNode> nodes = Nodes(weights);
            ImmutableArray<EndpointNode> turned = [.. nodes.Reverse()];

            Assert.Equal(MaglevTable.Create(nodes, 211).Owners.Select(o => nodes[o]), MaglevTable.Create(turned, 211).Owners.Select(o => turned[o]));
        });

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(1000)]
    [InlineData(70_000)]
    public void Create_EqualWeights_GivesEachTheSameButForOnePlace(int count)
    {
        int[] places = Places(PickBench.Equal(count), Size);

        Assert.All(places, p => Assert.InRange(p, Size / count, (Size / count) + 1));
    }

    [Theory]
    [InlineData(new[] { 1, 2, 3, 4 })]
    [InlineData(new[] { 7, 1, 1, 12 })]
    [InlineData(new[] { 65535, 65534, 30000 })]
    [InlineData(new[] { 100, 1 })]
    public void Create_AnyWeights_GivesEachItsShareButForAPlaceOrTwo(int[] weights)
    {
        int[] places = Places(weights, Size);

        for (int i = 0; i < weights.Length; i++)
        {
            Assert.InRange(places[i] - ((double)Size * weights[i] / weights.Sum()), -2, 2);
        }
    }

    // Envoy's rule as it is written there, with its loop over all hosts in each round.
    [Fact]
    public void Create_AnyWeights_IsWhatEnvoysLoopMakes() => ForAny.Check(
        Gen.Choose(1, 9).SelectMany(static count => Gen.Choose(1, 20).ArrayOf(count)).ToArbitrary(),
        static weights =>
        {
            const int Places = 101;
            ImmutableArray<EndpointNode> nodes = Nodes(weights);
            int max = weights.Max();
            long[] targets = new long[weights.Length];
            int[] owners = [.. Enumerable.Repeat(-1, Places)];
            MaglevEntry[] entries = [.. nodes.Select((n, i) => new MaglevEntry(i, n.Endpoint.Authority, Places))];
            int taken = 0;
            for (int round = 1; taken < Places; round++)
            {
                for (int i = 0; i < weights.Length && taken < Places; i++)
                {
                    if ((long)round * weights[i] >= targets[i])
                    {
                        targets[i] += max;
                        entries[i].Take(owners);
                        taken++;
                    }
                }
            }

            Assert.Equal(owners, MaglevTable.Create(nodes, Places).Owners);
        });

    // Round by round over all of them this would be 65 537 times 5 001 looks.
    [Fact]
    public void Create_OneVeryHeavyAmongThousands_FillsTheTable()
    {
        int[] places = Places([65535, .. PickBench.Equal(5000)], Size);

        Assert.Equal(Size, places.Sum());
        Assert.InRange(places[0], 0.9 * Size, Size);
    }

    [Theory]
    [InlineData(2, 5)]
    [InlineData(7, 30)]
    public void Create_FewerPlacesThanEndpoints_FillsTheTable(int size, int count) => Assert.Equal(size, Places(PickBench.Equal(count), size).Sum());

    private static int[] Places(int[] weights, int size)
    {
        int[] places = new int[weights.Length];
        Array.ForEach(MaglevTable.Create(Nodes(weights), size).Owners, o => places[o]++);
        return places;
    }

    // The order of the ports is that of the addresses as texts.
    private static ImmutableArray<EndpointNode> Nodes(int[] weights)
    {
        int first = weights.Length <= 10 ? 90 : 10_000;
        return new Fleet([.. weights.Select((w, i) => new MeshEndpoint($"127.0.{i / 40_000}.1", first + (i % 40_000)) { Weight = w })]).Nodes;
    }
}
