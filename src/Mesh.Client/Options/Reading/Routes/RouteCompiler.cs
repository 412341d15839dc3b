using System.Collections.Immutable;
using System.Globalization;
using Mesh.Client.Matching;
using Mesh.Client.Model;
using Mesh.Client.Options.Checking;

namespace Mesh.Client.Options.Reading;

/// <summary>Makes the policies of valid routes. A list that many services inherit is compiled once.</summary>
internal sealed class RouteCompiler
{
    private readonly Dictionary<object, ValueList<RoutePolicy>> _compiled = new(ReferenceEqualityComparer.Instance);

    /// <summary>Compiles the routes of a service.</summary>
    /// <param name="routes">The routes.</param>
    /// <param name="on">Reads the words of what is tried again.</param>
    public ValueList<RoutePolicy> Compile(IList<RouteRuleOptions> routes, Func<IList<string>, RetryPolicy> on)
    {
        if (routes.Count == 0)
        {
            return default;
        }

        if (!_compiled.TryGetValue(routes, out ValueList<RoutePolicy> compiled))
        {
            compiled = routes.Select((r, i) => Route(r, i, on)).ToImmutableArray();
            _compiled.Add(routes, compiled);
        }

        return compiled;
    }

    public static RouteMatch Match(RouteMatchOptions match) => new()
    {
        Path = match.Path.Length > 0 ? PathPattern.Parse(match.Path, match.IgnoreCase) : null,
        Exact = NullIfEmpty(match.Exact),
        Prefix = NullIfEmpty(match.Prefix),
        PathRegex = match.PathRegex.Length > 0 ? match.PathPattern.Get(match.PathRegex) : null,
        IgnoreCase = match.IgnoreCase,
        Methods = match.Methods.Select(static m => m.Trim().ToUpperInvariant()).ToImmutableArray(),
        Headers = match.Headers.Select(static h => Condition(h.Key, h.Value)).ToImmutableArray(),
        Query = match.Query.Select(static q => Condition(q.Key, q.Value)).ToImmutableArray(),
        Callers = match.Callers.ToImmutableArray(),
        Lane = NullIfEmpty(match.Lane.Trim()),
        Fraction = match.Fraction,
    };

    private static RoutePolicy Route(RouteRuleOptions route, int index, Func<IList<string>, RetryPolicy> on) => new()
    {
        Name = route.Name.Length > 0 ? route.Name : string.Create(CultureInfo.InvariantCulture, $"Routes:{index}"),
        Match = Match(route.Match),
        Split = route.Split.Count == 0 ? [new SplitTarget(null, LabelSet.Empty, 1)] : route.Split.Select(static s => new SplitTarget(ServiceName(s.Service), LabelSet.Create(s.Labels), s.Weight)).ToImmutableArray(),
        SplitKey = RequestPartText.Parse(route.SplitKey),
        Lane = NullIfEmpty(route.Lane.Trim()),
        Overrides = new RouteOverrides
        {
            Timeout = route.Timeout,
            AttemptTimeout = route.AttemptTimeout,
            MaxAttempts = route.Retry.MaxAttempts,
            RetryOn = route.Retry.On is { } words ? on(words) : null,
            BaseDelay = route.Retry.BaseDelay,
            MaxDelay = route.Retry.MaxDelay,
            NonIdempotent = route.Retry.NonIdempotent,
            HedgingDelay = route.Hedging.Delay,
            HedgingPercentile = route.Hedging.Percentile,
            MaxHedged = route.Hedging.MaxHedged,
            RateLimits = LimitCompiler.RateLimits(route.RateLimits),
            Concurrency = route.Concurrency is { Limit: > 0 } or { Adaptive: true } ? LimitCompiler.Concurrency(route.Concurrency) : null,
        },
        Actions = Actions(route),
    };

    private static RouteActions? Actions(RouteRuleOptions route)
    {
        var actions = new RouteActions
        {
            RequestHeaders = Edits(route.RequestHeaders),
            ResponseHeaders = Edits(route.ResponseHeaders),
            Path = Rewrite(route.Rewrite, route.Match),
            Host = NullIfEmpty(route.Rewrite.Host),
            Respond = route.Respond is { } respond ? new DirectResponse(respond.Status, respond.Body, respond.ContentType) : null,
            Redirect = route.Redirect is { } redirect ? Redirect(redirect, route.Match) : null,
            Mirror = route.Mirror is { } mirror ? new MirrorPolicy(ServiceName(mirror.Service), LabelSet.Create(mirror.Labels), mirror.Percent, mirror.MaxBody, mirror.MaxActive) : null,
            Fault = route.Fault is { } fault ? Fault(fault) : null,
        };
        return actions == new RouteActions() ? null : actions;
    }

    private static ValueCondition Condition(string name, ValueMatchOptions value)
    {
        (ValueConditionKind kind, string text) = value switch
        {
            { Exact: { } exact } => (ValueConditionKind.Exact, exact),
            { Prefix: { } prefix } => (ValueConditionKind.Prefix, prefix),
            { Suffix: { } suffix } => (ValueConditionKind.Suffix, suffix),
            { Contains: { } part } => (ValueConditionKind.Contains, part),
            { Regex: { } regex } => (ValueConditionKind.Regex, regex),
            { Range: { } range } => (ValueConditionKind.Range, range),
            _ => (value.Present == true ? ValueConditionKind.Present : ValueConditionKind.Absent, ""),
        };
        long first = 0;
        long end = 0;
        if (kind is ValueConditionKind.Range)
        {
            RouteValues.Range(text, out first, out end);
        }

        return new ValueCondition
        {
            Name = name,
            Kind = kind,
            Text = text,
            Pattern = kind is ValueConditionKind.Regex ? value.Pattern.Get(text) : null,
            First = first,
            End = end,
            Invert = value.Invert,
            Comparison = value.IgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal,
            MissingIsEmpty = value.MissingIsEmpty,
        };
    }

    private static HeaderEdits? Edits(HeaderEditOptions edits) => edits is { Set.Count: 0, Add.Count: 0, Remove.Count: 0 }
        ? null
        : new HeaderEdits(Texts(edits.Set), Texts(edits.Add), edits.Remove.Select(static n => n.Trim()).ToImmutableArray());

    private static ImmutableArray<HeaderText> Texts(IDictionary<string, string> headers) => [.. headers.Select(static h => new HeaderText(h.Key.Trim(), h.Value))];

    private static PathRewrite? Rewrite(RouteRewriteOptions rewrite, RouteMatchOptions match)
    {
        if (rewrite.Regex.Length > 0)
        {
            SafePattern pattern = rewrite.Pattern.Get(rewrite.Regex);
            return new PathRewrite(PathRewriteKind.Pattern, Substitution.ToReplacement(rewrite.Substitution, pattern), Pattern: pattern);
        }

        return Path(rewrite.Path, rewrite.Prefix, match);
    }

    private static PathRewrite? Path(string path, string prefix, RouteMatchOptions match) => path.Length > 0 ? new PathRewrite(PathRewriteKind.Whole, path)
        : prefix.Length > 0 ? new PathRewrite(PathRewriteKind.Prefix, prefix, match.Prefix.Length > 0 ? match.Prefix : match.Exact)
        : null;

    private static RedirectPolicy Redirect(RedirectOptions redirect, RouteMatchOptions match) => new()
    {
        Scheme = NullIfEmpty(redirect.Scheme),
        Host = NullIfEmpty(redirect.Host),
        Port = redirect.Port > 0 ? redirect.Port : null,
        Path = Path(redirect.Path, redirect.Prefix, match),
        StripQuery = redirect.StripQuery,
        Status = redirect.Status,
    };

    private static FaultPolicy Fault(FaultOptions fault) => new()
    {
        Delay = fault.Delay,
        DelayPercent = fault.DelayPercent,
        AbortStatus = fault.AbortStatus,
        AbortGrpcStatus = fault.AbortGrpcStatus >= 0 ? fault.AbortGrpcStatus : null,
        AbortPercent = fault.AbortPercent,
        FromHeaders = fault.FromHeaders,
        MaxActive = fault.MaxActive,
    };

    private static string? ServiceName(string name) => name.Length > 0 ? name.ToLowerInvariant() : null;

    private static string? NullIfEmpty(string text) => text.Length > 0 ? text : null;
}
