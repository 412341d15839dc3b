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
    /// <summary>Any strict lane that no endpoint is labelled with: one and the same for all of them, since lanes come from outside. No lane has such a name.</summary>
    public const string Nobody = "*";

    private const int MaxParts = 4096;

    private readonly ConcurrentDictionary<(LabelSet Labels, string? Lane), SubsetPickers> _parts = new();
    private readonly ImmutableArray<EndpointNode> _nodes;
    private readonly PickerBuilder _builder;
    private readonly SubsetPolicy _subsets;
    private readonly LanePolicy _lanes;
    private readonly HashSet<string> _known;
    private readonly ImmutableArray<MeshEndpoint> _endpoints;
    private readonly bool _hasBaseline;
    private Dictionary<EndpointNode, LabelSet>? _labels;

    /// <summary>Makes the table.</summary>
    /// <param name="nodes">The endpoints that take calls.</param>
    /// <param name="endpoints">What they are in this state of the service, in the same order: a node may be another endpoint in the next.</param>
    /// <param name="builder">Makes the pickers.</param>
    /// <param name="policy">The service's policy.</param>
    /// <param name="areLabelled">Whether any of them has a label: looking at ten thousand of them once more costs as much as the whole update.</param>
    public SubsetTable(ImmutableArray<EndpointNode> nodes, ImmutableArray<MeshEndpoint> endpoints, PickerBuilder builder, ServicePolicy policy, bool areLabelled)
    {
        _nodes = nodes;
        _endpoints = endpoints;
        _builder = builder;
        _subsets = policy.Subsets;
        _lanes = policy.Lanes;
        _known = areLabelled && _lanes.Label.Length > 0 ? KnownLanes(endpoints, _lanes.Label) : [];
        HasLanes = _known.Count > 0;
        _hasBaseline = !HasLanes || endpoints.Any(e => !e.Labels.ContainsKey(_lanes.Label));
        Baseline = WithoutLane(nodes);
    }

    /// <summary>Whether any endpoint is labelled with a lane.</summary>
    public bool HasLanes { get; }

    /// <summary>The endpoints that serve calls outside of any lane: those without the label, and all where every one has it.</summary>
    public ImmutableArray<EndpointNode> Baseline { get; }

    /// <summary>A lane, where it makes a difference here: some endpoint is labelled with it, or calls in it must not go elsewhere.</summary>
    public string? LaneInUse(string? lane) => lane is null || _known.Contains(lane) ? lane : _lanes.IsStrict(lane) ? Nobody : null;

    /// <summary>Makes known the pickers of the calls outside of subsets and lanes.</summary>
    public void Add(SubsetPickers baseline) => _parts[(LabelSet.Empty, null)] = baseline;

    /// <summary>Whether the calls of a lane fail where none of its endpoints is healthy.</summary>
    public bool IsStrict(string? lane) => lane is Nobody || (lane is not null && _lanes.IsStrict(lane));

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
        SubsetPickers pickers = nodes.IsEmpty ? SubsetPickers.None : InLane(nodes, labels, lane);
        return labels.Count == 0 ? pickers : _subsets.Fallback switch
        {
            SubsetFallback.Any => Join(pickers, For(LabelSet.Empty, lane), _builder.Fallbacks.Subset, $"subset {labels}"),
            SubsetFallback.Default when !labels.Equals(_subsets.Default) => Join(pickers, For(_subsets.Default, lane), _builder.Fallbacks.Subset, $"subset {labels}"),
            _ => pickers,
        };
    }

    private SubsetPickers InLane(ImmutableArray<EndpointNode> nodes, LabelSet labels, string? lane)
    {
        // A subset that names a lane itself means its endpoints.
        if (labels.ContainsKey(_lanes.Label) && !IsStrict(lane))
        {
            return Make(nodes);
        }

        if (lane is null || _lanes.Label.Length == 0)
        {
            return Make(WithoutLane(nodes));
        }

        ImmutableArray<EndpointNode> members = [.. nodes.Where(n => LabelsOf(n).TryGetValue(_lanes.Label, out string? own) && own == lane)];
        return IsStrict(lane) ? Make(members)
            : members.IsEmpty ? Make(WithoutLane(nodes))
            : Join(Make(members), Make(WithoutLane(nodes, orAll: false)), _builder.Fallbacks.Lane, $"lane {lane}");
    }

    private SubsetPickers Make(ImmutableArray<EndpointNode> nodes)
    {
        if (nodes.IsEmpty)
        {
            return SubsetPickers.None;
        }

        PickerStack http = Stack(nodes, Uri.UriSchemeHttp);
        PickerStack https = nodes.All(static n => n.Endpoint.Scheme is null) ? http : Stack(nodes, Uri.UriSchemeHttps);
        return new SubsetPickers(http.Picker, https.Picker, _builder.ChoosesSubset ? PickerStack.Union(nodes, http, https) : nodes);
    }

    private PickerStack Stack(ImmutableArray<EndpointNode> nodes, string scheme) => _builder.Build([.. nodes.Where(n => ServiceSnapshot.Serves(n, scheme))], null);

    private static SubsetPickers Join(SubsetPickers first, SubsetPickers others, FallbackCount count, string meant) => others.Candidates.IsEmpty ? first : new(
        Join(first.Http, others.Http, count, meant),
        Join(first.Https, others.Https, count, meant),
        first.Candidates.IsEmpty ? others.Candidates : first.Candidates)
    {
        Others = first.Candidates.IsEmpty ? others.Others : Append(first.Others, others),
    };

    private static SubsetPickers Append(SubsetPickers? before, SubsetPickers last) => before is null ? last : before with { Others = Append(before.Others, last) };

    private static EndpointPicker? Join(EndpointPicker? first, EndpointPicker? others, FallbackCount count, string meant) =>
        others is null ? first : first is null ? new CountedPicker(others, count, meant) : new FallbackPicker(first, others, count, meant);

    private ImmutableArray<EndpointNode> WithoutLane(ImmutableArray<EndpointNode> nodes, bool orAll = true)
    {
        if (!HasLanes)
        {
            return nodes;
        }

        ImmutableArray<EndpointNode> baseline = [.. nodes.Where(n => !LabelsOf(n).ContainsKey(_lanes.Label))];
        return !_hasBaseline && orAll ? nodes : baseline;
    }

    private static HashSet<string> KnownLanes(ImmutableArray<MeshEndpoint> endpoints, string label)
    {
        HashSet<string> known = new(StringComparer.Ordinal);
        foreach (MeshEndpoint endpoint in endpoints)
        {
            if (endpoint.Labels.TryGetValue(label, out string? lane))
            {
                known.Add(lane);
            }
        }

        return known;
    }

    private LabelSet LabelsOf(EndpointNode node) => LazyInitializer.EnsureInitialized(ref _labels, () =>
    {
        Dictionary<EndpointNode, LabelSet> labels = new(_nodes.Length);
        for (int i = 0; i < _nodes.Length; i++)
        {
            labels[_nodes[i]] = _endpoints[i].Labels;
        }

        return labels;
    })[node];

    private bool Has(EndpointNode node, LabelSet labels)
    {
        LabelSet own = LabelsOf(node);
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
