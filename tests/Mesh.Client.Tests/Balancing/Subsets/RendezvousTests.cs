using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Mesh.Client.Balancing.Subsets;
using Mesh.Client.Nodes;
using Mesh.Client.Tests.AnyInput;
using Mesh.Client.Tests.Nodes;

namespace Mesh.Client.Tests.Balancing.Subsets;

public sealed class RendezvousTests
{
    private static readonly Arbitrary<int[]> AnyThree = Arb.From(Gen.Choose(0, int.MaxValue).ArrayOf(3));

    private readonly Fleet _fleet = new(100);

    [Theory]
    [InlineData(0, 100)]
    [InlineData(1, 1)]
    [InlineData(10, 10)]
    [InlineData(100, 100)]
    [InlineData(200, 100)]
    public void Choose_ASize_HasSoManyInTheirOrder(int size, int count)
    {
        ImmutableArray<EndpointNode> subset = Rendezvous.Choose(_fleet.Nodes, size, "web-1");

        Assert.Equal(count, subset.Length);
        Assert.Equal(_fleet.Nodes.Where(subset.Contains), subset);
    }

    [Fact]
    public void Choose_AnotherOrderOfTheSource_ChoosesTheSame() =>
        Assert.Equal(Hosts(Rendezvous.Choose(_fleet.Nodes, 10, "web-1")), Hosts(Rendezvous.Choose([.. _fleet.Nodes.Reverse()], 10, "web-1")));

    // What another version of the program must not change without a thought: processes of both run side by side.
    [Fact]
    public void Choose_AKnownInstance_ChoosesWhatItAlwaysDid() =>
        Assert.Equal(["10.0.0.76", "10.0.0.92", "10.0.0.96"], Rendezvous.Choose(_fleet.Nodes, 3, "web-1").Select(static n => n.Endpoint.Host));

    [Fact]
    public void Choose_AnyEndpointLeaves_ChangesOneMemberAtMost() => ForAny.Check(AnyThree, input =>
    {
        int size = 1 + (input[0] % 40);
        string instance = $"web-{input[1]}";
        EndpointNode left = _fleet[input[2] % _fleet.Nodes.Length];
        string[] before = Hosts(Rendezvous.Choose(_fleet.Nodes, size, instance));

        string[] after = Hosts(Rendezvous.Choose(_fleet.Nodes.Remove(left), size, instance));

        // Read the other way round, this is an endpoint that joins.
        Assert.Equal(before.Contains(left.Endpoint.Host) ? 1 : 0, before.Except(after).Count());
        Assert.Equal(before.Except(after).Count(), after.Except(before).Count());
    });

    [Fact]
    public void Choose_TwoHundredInstances_SpreadEvenly()
    {
        Dictionary<string, int> users = Enumerable.Range(0, 200)
            .SelectMany(i => Hosts(Rendezvous.Choose(_fleet.Nodes, 10, $"web-{i}")))
            .CountBy(static h => h)
            .ToDictionary();

        // 20 on average; as independent draws would, give or take four deviations.
        Assert.Equal(100, users.Count);
        Assert.All(users.Values, static n => Assert.InRange(n, 4, 37));
    }

    private static string[] Hosts(IEnumerable<EndpointNode> nodes) => [.. nodes.Select(static n => n.Endpoint.Host).Order(StringComparer.Ordinal)];
}
