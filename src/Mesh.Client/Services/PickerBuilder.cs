using System.Collections.Immutable;
using Mesh.Client.Balancing;
using Mesh.Client.Balancing.Sticky;
using Mesh.Client.Balancing.Subsets;
using Mesh.Client.Balancing.Tiers;
using Mesh.Client.Balancing.WarmUp;
using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Services.Routes;

namespace Mesh.Client.Services;

/// <summary>Makes the picker of one scheme: who served the caller before, near endpoints first, a subset of each tier, and over each of these the balancer's own picker. A layer that nobody asks for does not exist.</summary>
internal sealed class PickerBuilder
{
    private readonly LoadBalancer _balancer;
    private readonly BalancingPolicy _policy;
    private readonly EjectionLedger _ledger;
    private readonly long _ticksPerSecond;
    private readonly long _now;
    private readonly Nearness? _nearness;

    /// <summary>Collects what the pickers of one snapshot are made of.</summary>
    /// <param name="balancer">Makes the innermost pickers.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="local">Who and where this process is.</param>
    /// <param name="ledger">The service's ledger.</param>
    /// <param name="ticksPerSecond">Of the mesh's clock.</param>
    /// <param name="now">The timestamp.</param>
    /// <param name="fallbacks">Counts calls that go elsewhere than they were meant to.</param>
    public PickerBuilder(LoadBalancer balancer, BalancingPolicy policy, LocalPolicy local, EjectionLedger ledger, long ticksPerSecond, long now, FallbackCounts? fallbacks = null)
    {
        Fallbacks = fallbacks ?? new FallbackCounts();
        _balancer = balancer;
        _policy = policy;
        _ledger = ledger;
        _ticksPerSecond = ticksPerSecond;
        _now = now;
        Local = local;
        _nearness = Nearness.Of(policy.Locality, local.Locality);
        SlowStart = SlowStart.Of(policy, ticksPerSecond);
    }

    public LocalPolicy Local { get; }

    public long TicksPerSecond => _ticksPerSecond;

    public FallbackCounts Fallbacks { get; }

    public SlowStart? SlowStart { get; }

    /// <summary>Whether some endpoints that take calls may be left to other processes.</summary>
    public bool ChoosesSubset => _policy.SubsetSize > 0;

    /// <summary>Makes the picker of a scheme.</summary>
    /// <param name="nodes">The endpoints that serve it and take calls.</param>
    /// <param name="before">The stack before; <see langword="null"/> where there was none, or it saw the tiers from another place.</param>
    public PickerStack Build(ImmutableArray<EndpointNode> nodes, PickerStack? before)
    {
        if (nodes.IsEmpty)
        {
            return PickerStack.Empty;
        }

        PickerStack stack = Near(nodes, before);
        return _policy.Sticky is { } part ? stack with { Picker = new StickyPicker(stack.Picker!, stack.Members, part) } : stack;
    }

    private PickerStack Near(ImmutableArray<EndpointNode> nodes, PickerStack? before)
    {
        if (_nearness is null)
        {
            return Flat(nodes, null);
        }

        ImmutableArray<EndpointNode>[] tiers = Sort(nodes, _nearness);
        int only = Array.FindIndex(tiers, t => t.Length == nodes.Length);
        return only >= 0 ? Flat(nodes, TierTable.Single(only)) : Tiered([.. tiers.Select(Subset)], before);
    }

    private PickerStack Flat(ImmutableArray<EndpointNode> nodes, TierTable? table)
    {
        ImmutableArray<EndpointNode> members = Subset(nodes);
        return new PickerStack(Create(members), members, null, table);
    }

    private PickerStack Tiered(ImmutableArray<EndpointNode>[] tiers, PickerStack? before)
    {
        EndpointPicker?[] pickers = [.. tiers.Select(t => t.IsEmpty ? null : Create(t))];
        var picker = new TierPicker(new TierSet(tiers, _policy.Locality, _ticksPerSecond), pickers, _ledger, before?.Table, _now);
        return new PickerStack(picker, [.. tiers[0], .. tiers[1], .. tiers[2]], picker, null);
    }

    private static ImmutableArray<EndpointNode>[] Sort(ImmutableArray<EndpointNode> nodes, Nearness nearness)
    {
        var tiers = new List<EndpointNode>[TierValues.Count];
        for (int tier = 0; tier < tiers.Length; tier++)
        {
            tiers[tier] = [];
        }

        foreach (EndpointNode node in nodes)
        {
            tiers[nearness.TierOf(node.Endpoint.Locality)].Add(node);
        }

        return [.. tiers.Select(static t => t.ToImmutableArray())];
    }

    private ImmutableArray<EndpointNode> Subset(ImmutableArray<EndpointNode> nodes) => Rendezvous.Choose(nodes, _policy.SubsetSize, Local.Instance);

    private EndpointPicker Create(ImmutableArray<EndpointNode> nodes) =>
        _balancer.CreatePicker(nodes) ?? throw new InvalidOperationException($"The load balancer \"{_balancer.Name}\" made no picker.");
}
