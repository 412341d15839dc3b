using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Mesh.Client.Balancing;
using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Services;
using Mesh.Client.Testing;
using Mesh.Client.Tests.AnyInput;
using Mesh.Client.Tests.Balancing;
using Mesh.Client.Tests.Nodes;

namespace Mesh.Client.Tests.Services;

/// <summary>The whole stack of pickers, as a snapshot puts it together, over any endpoints in any state.</summary>
public sealed class PickerStackPropertyTests
{
    private static readonly Locality[] Places = [new("eu", "eu-1"), new("eu", "eu-2"), new("us", "us-1"), Locality.None];

    // A number is one endpoint: weight, place, scheme, ejected, tried and warming up in mixed radix.
    private static readonly Arbitrary<int[]> AnyEndpoints = Arb.From(
        Gen.Choose(1, 12).SelectMany(static length => Gen.Choose(0, (4 * 4 * 3 * 3 * 3 * 2) - 1).ArrayOf(length)));

    public static TheoryData<string> Balancers => [.. BuiltInBalancers.Names];

    [Theory]
    [MemberData(nameof(Balancers))]
    public void Pick_AnyEndpoints_NeverOneThatIsEjectedTriedDrainedOrOutsideTheSubset(string policy) => ForAny.Check(
        AnyEndpoints,
        input =>
        {
            int subset = input.Length % 4;
            Fleet fleet = Make(input);
            bool[] tried = [.. input.Select(static n => n / 144 % 3 == 1)];
            ServiceSnapshot snapshot = Snapshot(fleet, policy, subset, near: input[0] % 5 != 0);
            ServiceSnapshot later = Snapshot(fleet, policy, subset, near: input[0] % 5 != 0, snapshot);
            for (int i = 0; i < input.Length; i++)
            {
                if (input[i] / 48 % 3 == 1)
                {
                    fleet.Eject(fleet[i]);
                }

                if (input[i] / 432 == 1)
                {
                    fleet[i].BeginWarmUp(fleet.Now);
                }
            }

            var random = new SeededRandom(input.Length);
            List<EndpointNode> left = [.. fleet.Nodes.Where((_, i) => tried[i])];
            foreach (string scheme in (string[])["http", "https"])
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, $"{scheme}://orders/");
                foreach (ServiceSnapshot one in (ServiceSnapshot[])[snapshot, later])
                {
                    bool any = one.Members.Any(n => ServiceSnapshot.Serves(n, scheme) && n.State is BreakerState.Closed && !left.Contains(n));
                    for (int i = 0; i < 30; i++)
                    {
                        EndpointNode? cool = Pick(one, request, fleet, random, left, slow: true);
                        EndpointNode? node = Pick(one, request, fleet, random, left, slow: false);

                        Assert.True(any == (node is not null) || IsOfOtherSubset(one, scheme, subset), $"found {node?.Endpoint}");
                        Check(one, cool, left, scheme);
                        Check(one, node, left, scheme);
                    }
                }
            }
        },
        tests: 200);

    [Theory]
    [MemberData(nameof(Balancers))]
    public void Pick_InPanic_NeverADrainedOne(string policy) => ForAny.Check(
        AnyEndpoints,
        input =>
        {
            Fleet fleet = Make(input);
            ServiceSnapshot snapshot = Snapshot(fleet, policy, subset: 0, near: true);
            Array.ForEach([.. fleet.Nodes], n => fleet.Eject(n));
            using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/");
            for (int i = 0; i < 30; i++)
            {
                EndpointNode? node = snapshot.Http?.Pick(new PickContext(request, fleet.Now, new SeededRandom(i), inPanic: true, tried: null));
                Assert.NotEqual(0, node?.Endpoint.Weight);
                Assert.Equal(snapshot.Members.Any(static n => ServiceSnapshot.Serves(n, "http")), node is not null);
            }
        },
        tests: 100);

    [Theory]
    [InlineData("LeastRequest")]
    [InlineData("RoundRobin")]
    [InlineData("Random")]
    public void Pick_ManyTimes_FollowsTheWeightsWithinTheNearestTier(string policy)
    {
        int[] weights = [3, 0, 1, 5, 2];
        ImmutableArray<MeshEndpoint> endpoints =
        [
            .. weights.Select(static (w, i) => new MeshEndpoint($"10.0.0.{i}", 80) { Weight = w, Locality = Places[0] }),
            new MeshEndpoint("10.0.1.0", 80) { Weight = 50, Locality = Places[1] },
        ];
        var fleet = new Fleet(endpoints);
        ServiceSnapshot snapshot = Snapshot(fleet, policy, subset: 0, near: true);
        var random = new SeededRandom(3);
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/");
        int[] picks = new int[endpoints.Length];
        for (int i = 0; i < 300_000; i++)
        {
            picks[fleet.Nodes.IndexOf(Pick(snapshot, request, fleet, random, [], slow: false)!)]++;
        }

        Assert.Equal(0, picks[1]);
        Assert.Equal(0, picks[5]);
        PickBench.AssertShares([picks[0], .. picks[2..5]], [weights[0], .. weights[2..]]);
    }

    // With a subset of endpoints of either scheme, the members of one scheme are not all that serve it.
    private static bool IsOfOtherSubset(ServiceSnapshot snapshot, string scheme, int subset) =>
        subset > 0 && snapshot.Members.Any(n => ServiceSnapshot.Serves(n, scheme) && n.Endpoint.Scheme is null);

    private static void Check(ServiceSnapshot snapshot, EndpointNode? node, List<EndpointNode> tried, string scheme)
    {
        if (node is not null)
        {
            Assert.Equal(BreakerState.Closed, node.State);
            Assert.DoesNotContain(node, tried);
            Assert.NotEqual(0, node.Endpoint.Weight);
            Assert.Contains(node, snapshot.Members);
            Assert.True(ServiceSnapshot.Serves(node, scheme));
        }
    }

    private static EndpointNode? Pick(ServiceSnapshot snapshot, HttpRequestMessage request, Fleet fleet, SeededRandom random, List<EndpointNode> tried, bool slow) =>
        snapshot.PickerFor(request.RequestUri!.Scheme)?.Pick(
            new PickContext(request, fleet.Now, random, inPanic: false, tried, slow ? snapshot.SlowStartAt(fleet.Now, fleet.Ledger) : null));

    private static Fleet Make(int[] input) => new(
        [
            .. input.Select(static (n, i) => new MeshEndpoint($"10.0.0.{i}", 80)
            {
                Weight = n % 4,
                Locality = Places[n / 4 % 4],
                Scheme = (n / 16 % 3) switch { 0 => null, 1 => "http", _ => "https" },
            }),
        ],
        new BreakerPolicy { MaxEjectionPercent = 100, ConsecutiveFailures = 1 },
        panicThreshold: 0);

    private static ServiceSnapshot Snapshot(Fleet fleet, string policy, int subset, bool near, ServiceSnapshot? before = null)
    {
        var balancing = new BalancingPolicy { Policy = policy, SubsetSize = subset, SlowStart = TimeSpan.FromSeconds(30) };
        var local = new LocalPolicy { Instance = "web-1", Locality = near ? Places[0] : Locality.None };
        var builder = new PickerBuilder(BuiltInBalancers.Create(balancing, []), balancing, local, fleet.Ledger, fleet.Clock.TimestampFrequency, fleet.Now);
        ImmutableArray<MeshEndpoint> endpoints = [.. fleet.Nodes.Select(static n => n.Endpoint)];
        return new ServiceSnapshot(new ServicePolicy { Balancing = balancing }, fleet.Nodes, endpoints, builder, before, "test", "test");
    }
}
