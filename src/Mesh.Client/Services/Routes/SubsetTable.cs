using System.Collections.Concurrent;
using System.Collections.Immutable;
using Mesh.Client.Balancing;
using Mesh.Client.Balancing.Fallbacks;
using Mesh.Client.Model;
using Mesh.Client.Nodes;

namespace Mesh.Client.Services.Routes;

/// <summary>
/// The endpoints of a service by labels and lane, each part with pickers of its own, made when the first call asks. Which part takes over from which is Envoy's subset load balancing; that
/// a lane is left for what belongs to no lane is the rule of full-link canaries.
/// </summary>
internal sealed class SubsetTable
{
    private const int MaxParts = 4096;

    private readonly ConcurrentDictionary<(LabelSet Labels, string? Lane), SubsetPickers> _parts = new();
    private readonly ImmutableArray<EndpointNode> _nodes;
    private readonly PickerBuilder _builder;
    private readonly SubsetPolicy _subsets;
    private readonly LanePolicy _lanes;
    private readonly HashSet<string> _known;

    /// <summary>Makes the table.</summary>
    /// <param name="nodes">The endpoints that take calls.</param>
    /// <param name="builder">Makes the pickers.</param>
    /// <param name="policy">The service's policy.</param>
    public SubsetTable(ImmutableArray<EndpointNode> nodes, PickerBuilder builder, ServicePolicy policy)
    {
        _nodes = nodes;
        _builder = builder;
        _subsets = policy.Subsets;
        _lanes = policy.Lanes;
        _known = _lanes.Label.Length == 0 ? [] : [.. nodes.Select(n => n.Endpoint.Labels.GetValueOrDefault(_lanes.Label)).OfType<string>()];
        HasLanes = _known.Count > 0;
        Baseline = WithoutLane(nodes);
    }

    /// <summary>Whether any endpoint is labelled with a lane.</summary>
    public bool HasLanes { get; }

    /// <summary>The endpoints that serve calls outside of any lane: those without the label, and all where every one has it.</summary>
    public ImmutableArray<EndpointNode> Baseline { get; }

    /// <summary>A lane, where it makes a difference here: some endpoint is labelled with it, or calls in it must not go elsewhere.</summary>
    public string? LaneInUse(string? lane) => lane is not null && (_known.Contains(lane) || _lanes.IsStrict(lane)) ? lane : null;

    /// <summary>The pickers of a part.</summary>
    /// <param name="labels">The labels that its endpoints must have.</param>
    /// <param name="lane">The lane of the call; <see langword="null"/> where it is in none.</param>
    public SubsetPickers For(LabelSet labels, string? lane)
    {
        if (_parts.TryGetValue((labels, lane), out SubsetPickers? pickers))
        {
            return pickers;
        }

        pickers = Build(labels, lane);
        if (_parts.Count >= MaxParts)
        {
            // Lanes come from outside.
            _parts.Clear();
        }

        return _parts.GetOrAdd((labels, lane), pickers);
    }

    private SubsetPickers Build(LabelSet labels, string? lane)
    {
        ImmutableArray<EndpointNode> nodes = labels.Count == 0 ? _nodes : [.. _nodes.Where(n => Has(n, labels))];
        SubsetPickers pickers = nodes.IsEmpty ? SubsetPickers.None : InLane(nodes, lane);
        return labels.Count == 0 ? pickers : _subsets.Fallback switch
        {
            SubsetFallback.Any => Join(pickers, For(LabelSet.Empty, lane), _builder.Fallbacks.Subset),
            SubsetFallback.Default when labels != _subsets.Default => Join(pickers, For(_subsets.Default, lane), _builder.Fallbacks.Subset),
            _ => pickers,
        };
    }

    private SubsetPickers InLane(ImmutableArray<EndpointNode> nodes, string? lane)
    {
        if (lane is null || _lanes.Label.Length == 0)
        {
            return Make(WithoutLane(nodes));
        }

        ImmutableArray<EndpointNode> members = [.. nodes.Where(n => n.Endpoint.Labels.TryGetValue(_lanes.Label, out string? own) && own == lane)];
        return _lanes.IsStrict(lane) ? Make(members)
            : members.IsEmpty ? Make(WithoutLane(nodes))
            : Join(Make(members), Make(WithoutLane(nodes, orAll: false)), _builder.Fallbacks.Lane);
    }

    private SubsetPickers Make(ImmutableArray<EndpointNode> nodes)
    {
        if (nodes.IsEmpty)
        {
            return SubsetPickers.None;
        }

        EndpointPicker? http = Picker(nodes, Uri.UriSchemeHttp);
        return new SubsetPickers(http, nodes.All(static n => n.Endpoint.Scheme is null) ? http : Picker(nodes, Uri.UriSchemeHttps), nodes);
    }

    private EndpointPicker? Picker(ImmutableArray<EndpointNode> nodes, string scheme) => _builder.Build([.. nodes.Where(n => ServiceSnapshot.Serves(n, scheme))], null).Picker;

    private static SubsetPickers Join(SubsetPickers first, SubsetPickers others, FallbackCount count) => new(
        Join(first.Http, others.Http, count),
        Join(first.Https, others.Https, count),
        first.Candidates.IsEmpty ? others.Candidates : first.Candidates)
    {
        Others = first.Candidates.IsEmpty ? others.Others : Append(first.Others, others),
    };

    private static SubsetPickers Append(SubsetPickers? before, SubsetPickers last) => before is null ? last : before with { Others = Append(before.Others, last) };

    private static EndpointPicker? Join(EndpointPicker? first, EndpointPicker? others, FallbackCount count) =>
        others is null ? first : first is null ? new CountedPicker(others, count) : new FallbackPicker(first, others, count);

    private ImmutableArray<EndpointNode> WithoutLane(ImmutableArray<EndpointNode> nodes, bool orAll = true)
    {
        if (!HasLanes)
        {
            return nodes;
        }

        ImmutableArray<EndpointNode> baseline = [.. nodes.Where(n => !n.Endpoint.Labels.ContainsKey(_lanes.Label))];
        return baseline.IsEmpty && orAll ? nodes : baseline;
    }

    private static bool Has(EndpointNode node, LabelSet labels)
    {
        LabelSet own = node.Endpoint.Labels;
        foreach ((string key, string value) in labels)
        {
            if (!own.TryGetValue(key, out string? found) || found != value)
            {
                return false;
            }
        }

        return true;
    }
}
