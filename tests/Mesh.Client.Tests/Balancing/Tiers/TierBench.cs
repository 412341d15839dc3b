using System.Collections.Immutable;
using Mesh.Client.Balancing;
using Mesh.Client.Balancing.Tiers;
using Mesh.Client.Balancing.WarmUp;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Services;
using Mesh.Client.Testing;
using Mesh.Client.Tests.Nodes;

namespace Mesh.Client.Tests.Balancing.Tiers;

/// <summary>The whole stack of pickers of one service over real nodes in three tiers, on a manual clock.</summary>
internal sealed class TierBench
{
    private static readonly HttpRequestMessage Request = new(HttpMethod.Get, "http://orders/");
    private static readonly Locality[] Places = [new("eu", "eu-1"), new("eu", "eu-2"), new("us", "us-1")];

    private readonly BalancingPolicy _policy;
    private HashSet<int> _gone = [];

    /// <summary>Makes the tiers.</summary>
    /// <param name="policy">The balancer.</param>
    /// <param name="counts">How many endpoints each tier has.</param>
    /// <param name="panicThreshold">Off by default, so that whole tiers may be ejected.</param>
    /// <param name="balancing">More of the policy.</param>
    public TierBench(string policy, int[] counts, double panicThreshold = 0, BalancingPolicy? balancing = null)
    {
        _policy = (balancing ?? new BalancingPolicy()) with { Policy = policy };
        TierOf = [.. counts.SelectMany(static (count, tier) => Enumerable.Repeat(tier, count))];
        ImmutableArray<MeshEndpoint> endpoints = [.. TierOf.Select(static (tier, i) => new MeshEndpoint($"10.{tier}.0.{i}", 80) { Locality = Places[tier] })];
        Fleet = new Fleet(endpoints, new BreakerPolicy { MaxEjectionPercent = 100, ConsecutiveFailures = 1 }, panicThreshold: panicThreshold);
        SlowStart = SlowStart.Of(_policy, Fleet.Clock.TimestampFrequency);
        Publish();
    }

    public Fleet Fleet { get; }

    public ImmutableArray<int> TierOf { get; }

    public SlowStart? SlowStart { get; }

    public SeededRandom Random { get; } = new(7);

    public PickerStack Stack { get; private set; } = PickerStack.Empty;

    /// <summary>Each tier's share of the calls now.</summary>
    public TierValues Shares
    {
        get
        {
            Pick();
            return Stack.Table!.Shift.SharesAt(Fleet.Now);
        }
    }

    public EndpointNode? Pick(List<EndpointNode>? tried = null) =>
        Stack.Picker?.Pick(new PickContext(Request, Fleet.Now, Random, Fleet.Ledger.InPanic, tried, Fleet.Ledger.InPanic ? null : SlowStart));

    public int Tier(EndpointNode? node) => node is null ? -1 : TierOf[Fleet.Nodes.IndexOf(node)];

    /// <summary>Picks so many times, with calls that end well, and counts by tier.</summary>
    public int[] Call(int times)
    {
        int[] calls = new int[TierValues.Count];
        for (int i = 0; i < times; i++)
        {
            EndpointNode node = Pick()!;
            calls[Tier(node)]++;
            Fleet.Call(node, Outcome.Success);
        }

        return calls;
    }

    public IEnumerable<EndpointNode> In(int tier) => Fleet.Nodes.Where((_, i) => TierOf[i] == tier);

    /// <summary>Ejects so many endpoints of a tier, all by default.</summary>
    public void Eject(int tier, int count = int.MaxValue)
    {
        foreach (EndpointNode node in In(tier).Where(static n => n.State is Client.Health.BreakerState.Closed).Take(count).ToList())
        {
            Fleet.Eject(node);
        }
    }

    /// <summary>Brings a tier's ejected endpoints back at once, whatever is left of their break time.</summary>
    public void Heal(int tier)
    {
        foreach (EndpointNode node in In(tier).Where(static n => n.State is not Client.Health.BreakerState.Closed).ToList())
        {
            long due = node.Breaker.DueAt;
            Assert.True(node.TryBegin(due, ignoreGate: false, out Attempt attempt));
            attempt.Complete(new Client.Health.AttemptResult(Outcome.Success, false, 0), Fleet.Now);
        }
    }

    /// <summary>A whole tier leaves or comes back in discovery.</summary>
    public void List(int tier, bool listed)
    {
        _gone = listed ? [.. _gone.Where(t => t != tier)] : [.. _gone, tier];
        Publish();
    }

    public void Advance(double seconds) => Fleet.Advance(TimeSpan.FromSeconds(seconds));

    private void Publish()
    {
        var local = new LocalPolicy { Instance = "web-1", Locality = Places[0] };
        LoadBalancer balancer = BuiltInBalancers.Create(_policy, []);
        var builder = new PickerBuilder(balancer, _policy, local, Fleet.Ledger, Fleet.Clock.TimestampFrequency, Fleet.Now);
        Stack = builder.Build([.. Fleet.Nodes.Where((_, i) => !_gone.Contains(TierOf[i]))], Stack);
    }
}
