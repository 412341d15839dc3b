namespace Mesh.Client.Model;

/// <summary>One route of a service, compiled from <c>RouteRuleOptions</c>. Immutable, value equality.</summary>
internal sealed record RoutePolicy
{
    public required string Name { get; init; }

    public RouteMatch Match { get; init; } = new();

    /// <summary>Where the calls go; never empty.</summary>
    public ValueList<SplitTarget> Split
    {
        get;
        init
        {
            field = value;
            Ranges = SplitRanges.Of(value.Items);
        }
    }

    /// <summary>Which part of the hash space is whose.</summary>
    public SplitRanges Ranges { get; private init; } = SplitRanges.Of([]);

    /// <summary>What a call's place in the split is chosen by; <see langword="null"/> where each is drawn by itself.</summary>
    public RequestPart? SplitKey { get; init; }

    /// <summary>The lane that the call enters; <see langword="null"/> for none.</summary>
    public string? Lane { get; init; }

    /// <summary>What it changes in the service's policy.</summary>
    public RouteOverrides Overrides { get; init; } = new();

    /// <summary>What it does beside choosing the endpoints and the times; <see langword="null"/> for nothing.</summary>
    public RouteActions? Actions { get; init; }
}
