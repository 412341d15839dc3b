using System.Collections.Immutable;
using System.Globalization;
using Mesh.Client.Balancing;
using Mesh.Client.Balancing.Hashing;
using Mesh.Client.Balancing.WarmUp;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Testing;
using Mesh.Client.Tests.Nodes;

namespace Mesh.Client.Tests.Balancing;

/// <summary>A picker over real nodes, of which every one may be ejected.</summary>
internal sealed class PickBench
{
    private static readonly HttpRequestMessage Request = new(HttpMethod.Get, "http://orders/");
    private readonly EndpointPicker _picker;

    public PickBench(string policy, params int[] weights)
        : this(policy, 2, weights)
    {
    }

    public PickBench(string policy, int choiceCount, int[] weights)
        : this(new BalancingPolicy { Policy = policy, ChoiceCount = choiceCount }, weights)
    {
    }

    public PickBench(BalancingPolicy policy, int[] weights, BreakerPolicy? breaker = null)
    {
        ImmutableArray<MeshEndpoint> endpoints = [.. weights.Select(static (w, i) => new MeshEndpoint($"10.0.{i / 250}.{i % 250}", 80) { Weight = w })];
        Fleet = new Fleet(endpoints, breaker ?? new BreakerPolicy { MaxEjectionPercent = 100, ConsecutiveFailures = 1 }, panicThreshold: 0);
        _picker = BuiltInBalancers.Create(policy, []).CreatePicker(Fleet.Nodes);
    }

    public Fleet Fleet { get; }

    /// <summary>What spares endpoints that warm up.</summary>
    public SlowStart? SlowStart { get; set; }

    public SeededRandom Random { get; } = new(42);

    public ImmutableArray<EndpointNode> Nodes => Fleet.Nodes;

    public static int[] Equal(int count) => [.. Enumerable.Repeat(1, count)];

    public EndpointNode? Pick(List<EndpointNode>? tried = null, bool inPanic = false, ulong? key = null) =>
        _picker.Pick(new PickContext(Request, Fleet.Now, Random, inPanic, tried, SlowStart, key));

    /// <summary>Who is picked for a key.</summary>
    public int OwnerOf(ulong key) => Nodes.IndexOf(Pick(key: key)!);

    /// <summary>A key of a number, as a hash would spread it.</summary>
    public static ulong Key(int number) => XxHash64.Hash(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>Picks so many times and counts who was picked.</summary>
    public int[] Picks(int count)
    {
        var index = Nodes.Select(static (n, i) => (n, i)).ToDictionary(static p => p.n, static p => p.i);
        int[] picks = new int[Nodes.Length];
        for (int i = 0; i < count; i++)
        {
            picks[index[Pick()!]]++;
        }

        return picks;
    }

    public void Eject(params int[] indexes)
    {
        foreach (int index in indexes)
        {
            Fleet.Eject(Nodes[index]);
        }
    }

    public void EjectAllBut(int index) => Eject([.. Enumerable.Range(0, Nodes.Length).Where(i => i != index)]);

    /// <summary>Holds so many calls in flight.</summary>
    public void Load(int index, int calls)
    {
        for (int i = 0; i < calls; i++)
        {
            Fleet.Begin(Nodes[index]);
        }
    }

    /// <summary>Checks that each endpoint's part of the picks is its part of the weights, give or take 3 % of it.</summary>
    public static void AssertShares(int[] picks, IReadOnlyList<int> weights)
    {
        double sum = weights.Sum(static w => (double)w);
        for (int i = 0; i < picks.Length; i++)
        {
            double share = (double)picks[i] / picks.Sum() / (weights[i] / sum);
            Assert.True(share is > 0.97 and < 1.03, $"endpoint {i} of weights {string.Join(",", weights)} got {share:P1} of its share");
        }
    }
}
