using System.Collections.Immutable;
using Mesh.Client.Balancing;
using Mesh.Client.Balancing.WarmUp;
using Mesh.Client.Health;
using Mesh.Client.Limits.Rooms;
using Mesh.Client.Limits.Sets;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Retries;
using Mesh.Client.Routing;
using Mesh.Client.Services.Routes;

namespace Mesh.Client.Services;

/// <summary>One consistent state of a service: policy, nodes and pickers. Immutable, swapped whole.</summary>
internal sealed class ServiceSnapshot
{
    private readonly RouteViews _views;
    private readonly ImmutableArray<MeshEndpoint> _endpoints;
    private readonly SlowStart? _slowStart;
    private readonly PartPanic? _panic;
    private readonly long _ticksPerSecond;
    private readonly PickerStack _http;
    private readonly PickerStack _https;
    private volatile ServiceSnapshot? _under;

    /// <summary>Makes the state.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="nodes">The nodes.</param>
    /// <param name="endpoints">Their endpoints, in the same order.</param>
    /// <param name="builder">Makes the pickers.</param>
    /// <param name="before">The state before, from which shares of the calls go on; <see langword="null"/> for the first.</param>
    /// <param name="source">The source in force.</param>
    /// <param name="asked">What each source said.</param>
    public ServiceSnapshot(
        ServicePolicy policy,
        ImmutableArray<EndpointNode> nodes,
        ImmutableArray<MeshEndpoint> endpoints,
        PickerBuilder builder,
        ServiceSnapshot? before,
        string source,
        string asked)
    {
        Policy = policy;
        HashKey = policy.Balancing.HashKey;
        Sticky = policy.Balancing.Sticky;
        Hedges = policy.Hedging.IsOn;
        Nodes = nodes;
        _endpoints = endpoints;
        Local = builder.Local;
        Source = source;
        Asked = asked;
        _slowStart = builder.SlowStart;
        _ticksPerSecond = builder.TicksPerSecond;
        _views = new RouteViews();
        int both = 0;
        int http = 0;
        int drained = 0;
        bool areLabelled = false;
        foreach (MeshEndpoint endpoint in endpoints)
        {
            areLabelled |= !ReferenceEquals(endpoint.Labels, LabelSet.Empty);
            if (endpoint.Weight == 0)
            {
                drained++;
                continue;
            }

            both += endpoint.Scheme is null ? 1 : 0;
            http += endpoint.Scheme == Uri.UriSchemeHttp ? 1 : 0;
        }

        ImmutableArray<EndpointNode> usable = drained == 0 ? nodes : [.. nodes.Where((_, i) => endpoints[i].Weight > 0)];
        Routes = RouteTable.For(policy.Routes, before?.Routes);
        before = before?.Local == Local ? before : null;
        Subsets = new SubsetTable(usable, drained == 0 ? endpoints : [.. endpoints.Where(static e => e.Weight > 0)], builder, policy, areLabelled);
        ImmutableArray<EndpointNode> baseline = Subsets.Baseline;
        _http = Build(Uri.UriSchemeHttp, both + http, before?._http);
        _https = both == usable.Length ? _http : Build(Uri.UriSchemeHttps, usable.Length - http, before?._https);
        Http = _http.Picker;
        Https = _https.Picker;
        Candidates = builder.ChoosesSubset ? PickerStack.Union(nodes, _http, _https) : baseline;
        var pickers = new SubsetPickers(Http, Https, Candidates);
        Subsets.Add(pickers);
        _panic = Subsets.HasLanes ? new PartPanic(pickers, policy.Balancing.PanicThreshold, _ticksPerSecond) : null;

        // An endpoint of a lane or a subset is one of the service's like the others, though other calls do not go there.
        Members = Subsets.HasLanes || (builder.ChoosesSubset && policy.Routes.Items.Any(static r => r.Split.Items.Any(static t => t.Labels.Count > 0))) ? usable : Candidates;
        IsRouted = Routes is not null || Subsets.HasLanes || !policy.Lanes.Strict.IsEmpty;

        PickerStack Build(string scheme, int count, PickerStack? previous) =>
            builder.Build(count == usable.Length ? baseline : [.. baseline.Where(n => Serves(n, scheme))], previous);
    }

    private ServiceSnapshot(ServiceSnapshot whole, in ViewKey key)
    {
        SubsetPickers pickers = whole.Subsets.For(key.Labels, key.Lane);
        Policy = key.Route?.Overrides.ApplyTo(whole.Policy) ?? whole.Policy;
        HashKey = whole.HashKey;
        Sticky = whole.Sticky;
        Hedges = Policy.Hedging.IsOn;
        Nodes = whole.Nodes;
        _endpoints = whole._endpoints;
        Local = whole.Local;
        Source = whole.Source;
        Asked = whole.Asked;
        Members = whole.Members;
        Subsets = whole.Subsets;
        Routes = whole.Routes;
        IsRouted = whole.IsRouted;
        Http = pickers.Http;
        Https = pickers.Https;
        Candidates = pickers.Candidates;
        View = key;
        _slowStart = whole._slowStart;
        _ticksPerSecond = whole._ticksPerSecond;
        _panic = key is { Lane: null, Labels.Count: 0 } ? whole._panic : new PartPanic(pickers, Policy.Balancing.PanicThreshold, _ticksPerSecond);
        _views = whole._views;
        _http = PickerStack.Empty;
        _https = PickerStack.Empty;
    }

    public ServicePolicy Policy { get; }

    // What each call asks of the policy stands here once more: three reads less, one after the other.

    /// <summary>What a call is hashed by; <see langword="null"/> where calls have no key.</summary>
    public RequestPart? HashKey { get; }

    /// <summary>What carries the mark of an endpoint; <see langword="null"/> where calls do not stick.</summary>
    public RequestPart? Sticky { get; }

    /// <summary>Whether slow calls are hedged.</summary>
    public bool Hedges { get; }

    public ImmutableArray<EndpointNode> Nodes { get; }

    /// <summary>The rate limits of the service; <see langword="null"/> where there are none.</summary>
    public LimitSet? Limits { get; init; }

    /// <summary>The room for calls; <see langword="null"/> where it is not limited.</summary>
    public Room? Room { get; init; }

    /// <summary>The policies of the services that its routes lead to.</summary>
    public TargetPolicies Targets { get; init; } = TargetPolicies.None;

    /// <summary>Whether calls must be told apart first, by routes or by lanes.</summary>
    public bool IsRouted { get; }

    /// <summary>The routes; <see langword="null"/> where there are none.</summary>
    public RouteTable? Routes { get; }

    /// <summary>The endpoints by labels and lane.</summary>
    public SubsetTable Subsets { get; }

    /// <summary>Which calls this is the state for.</summary>
    public ViewKey View { get; } = new(null, LabelSet.Empty, null);

    /// <summary>Whether a call may have to wait before it is sent, or holds a place while it is under way.</summary>
    public bool IsGuarded => Room is not null || Limits is { MayWait: true };

    /// <summary>The user's own strategies around each attempt; <see langword="null"/> where there are none.</summary>
    public AttemptPipeline? Pipeline { get; init; }

    /// <summary>Those of the nodes that take calls of this process: not drained, and in its subset. In the same order; the same array where it is all of them.</summary>
    public ImmutableArray<EndpointNode> Members { get; }

    /// <summary>Those of the members that its calls are meant for. A fallback may lead them elsewhere.</summary>
    public ImmutableArray<EndpointNode> Candidates { get; }

    /// <summary>The same, and after them those that calls fall back to, in this order.</summary>
    public IEnumerable<ImmutableArray<EndpointNode>> CandidatesByRank
    {
        get
        {
            yield return Candidates;
            HashSet<EndpointNode> seen = [.. Candidates];
            for (SubsetPickers? others = View.IsWhole ? null : Subsets.For(View.Labels, View.Lane).Others; others is not null; others = others.Others)
            {
                yield return [.. others.Candidates.Where(seen.Add)];
            }
        }
    }

    /// <summary>Who and where this process was when the state was made.</summary>
    public LocalPolicy Local { get; }

    /// <summary>Chooses for calls to <c>http://</c>; <see langword="null"/> where no endpoint serves them.</summary>
    public EndpointPicker? Http { get; }

    /// <summary>Chooses for calls to <c>https://</c>, which never go to an http endpoint; <see langword="null"/> where no endpoint serves them.</summary>
    public EndpointPicker? Https { get; }

    /// <summary>The source in force.</summary>
    public string Source { get; }

    /// <summary>What each source said.</summary>
    public string Asked { get; }

    /// <summary>Whether a route is one of the service's in this state; calls without a route are at home everywhere.</summary>
    public bool Has(RoutePolicy? route) => route is null || Routes?.Routes.Contains(route, ReferenceEqualityComparer.Instance) == true;

    /// <summary>Chooses for calls of a scheme; <see langword="null"/> where no endpoint serves them.</summary>
    public EndpointPicker? PickerFor(string scheme) => IsSecure(scheme) ? Https : Http;

    /// <summary>Whether calls of a scheme may go to an endpoint.</summary>
    public static bool Serves(EndpointNode node, string scheme) => node.Endpoint.Scheme is not { } own || IsSecure(own) == IsSecure(scheme);

    /// <summary>The same state as it is for the calls of a route and a lane.</summary>
    /// <param name="key">Which calls.</param>
    /// <param name="create">Makes it where no call has asked yet.</param>
    /// <param name="state">Passed to <paramref name="create"/>.</param>
    public ServiceSnapshot For<TState>(in ViewKey key, Func<ViewKey, TState, ServiceSnapshot> create, TState state) => _views.For(key, create, state);

    /// <summary>Makes the state for the calls of a route and a lane.</summary>
    /// <param name="key">Which calls.</param>
    /// <param name="limits">The rate limits that count for them.</param>
    /// <param name="room">The room that they share.</param>
    public ServiceSnapshot Narrow(in ViewKey key, LimitSet? limits, Room? room) => new(this, key) { Limits = limits, Room = room, Pipeline = Pipeline };

    /// <summary>The same endpoints under another policy: that of the version of the configuration by which a route of another service led a call here. What its limits counted stays theirs.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="create">Makes what builds the pickers.</param>
    public ServiceSnapshot Under(ServicePolicy policy, Func<ServicePolicy, PickerBuilder> create)
    {
        if (ReferenceEquals(Policy, policy))
        {
            return this;
        }

        ServiceSnapshot? under = _under;
        if (!ReferenceEquals(under?.Policy, policy))
        {
            _under = under = new ServiceSnapshot(policy, Nodes, _endpoints, create(policy), this, Source, Asked) { Limits = Limits, Room = Room, Pipeline = Pipeline };
        }

        return under!;
    }

    /// <summary>What spares endpoints that warm up at a timestamp; <see langword="null"/> where none can be warming up.</summary>
    public SlowStart? SlowStartAt(long now, EjectionLedger ledger) =>
        _slowStart is { } slowStart && slowStart.IsOn(ledger.LastArrival, now) ? slowStart : null;

    /// <summary>Whether so few of the endpoints that its calls may go to are available that the pick ignores the gates.</summary>
    public bool IsInPanic(EjectionLedger ledger, long now) => ledger.InPanic && (_panic is null || _panic.Holds(ledger.Version, now));

    /// <summary>
    /// The same for calls that found nobody, where the service as a whole is not in panic: a lane that is well must not keep the baseline from trying. Subsets and strict lanes follow their own rule.
    /// </summary>
    public bool IsBaselineInPanic(EjectionLedger ledger, long now) =>
        Subsets.HasLanes && View.Labels.Count == 0 && !Subsets.IsStrict(View.Lane) && Policy.Balancing.PanicThreshold > 0 && !Policy.Breaker.FailFast && _panic!.Holds(ledger.Version, now);

    // A WebSocket begins as a call of http or https, and is one to the handlers.
    private static bool IsSecure(string scheme) => scheme is "https" or "wss";
}
