using Mesh.Client.Options.Checking;
using Mesh.Client.Options.Tree;

namespace Mesh.Client.Options.Reading;

/// <summary>Reads <c>Routes</c>, <c>Subsets</c> and <c>Lanes</c>: a line for each key. What the values must be like stands in <see cref="RouteCheck"/>, for code too.</summary>
internal static class RouteReader
{
    public static RouteRuleOptions Route(SectionReader section)
    {
        var route = new RouteRuleOptions();
        route.Name = section.Text(nameof(route.Name), route.Name);
        section.Section(nameof(route.Match), route.Match, Match);
        route.Split = section.List(nameof(route.Split), route.Split, Split);
        route.SplitKey = section.Parsed(nameof(route.SplitKey), route.SplitKey, ValueParsers.HashKey);
        route.Lane = section.Text(nameof(route.Lane), route.Lane);
        route.Timeout = section.Duration(nameof(route.Timeout), route.Timeout);
        route.AttemptTimeout = section.Duration(nameof(route.AttemptTimeout), route.AttemptTimeout);
        section.Section(nameof(route.Retry), route.Retry, Retry);
        section.Section(nameof(route.Hedging), route.Hedging, Hedging);
        route.RateLimits = section.List(nameof(route.RateLimits), route.RateLimits, LimitReader.RateLimit);
        section.Section(nameof(route.Concurrency), route.Concurrency, LimitReader.Concurrency);
        section.Section(nameof(route.RequestHeaders), route.RequestHeaders, Edits);
        section.Section(nameof(route.ResponseHeaders), route.ResponseHeaders, Edits);
        section.Section(nameof(route.Rewrite), route.Rewrite, Rewrite);
        route.Respond = Optional<DirectResponseOptions>(section, nameof(route.Respond), Respond);
        route.Redirect = Optional<RedirectOptions>(section, nameof(route.Redirect), Redirect);
        route.Mirror = Optional<MirrorOptions>(section, nameof(route.Mirror), Mirror);
        route.Fault = Optional<FaultOptions>(section, nameof(route.Fault), Fault);
        return route;
    }

    public static void Subsets(SectionReader section, SubsetOptions options)
    {
        options.Fallback = section.Choice(nameof(options.Fallback), options.Fallback);
        options.Default = section.Node.Child(nameof(options.Default)) is null ? options.Default : section.Pairs(nameof(options.Default));
        section.Known(nameof(options.Default));
    }

    public static void Lanes(SectionReader section, LaneOptions options)
    {
        options.Label = section.Parsed(nameof(options.Label), options.Label, ValueParsers.Text);
        options.Strict = section.List(nameof(options.Strict), options.Strict, RouteValues.LaneOrAny);
    }

    internal static void Match(SectionReader section, RouteMatchOptions match)
    {
        match.Path = section.Text(nameof(match.Path), match.Path);
        match.Exact = section.Text(nameof(match.Exact), match.Exact);
        match.Prefix = section.Text(nameof(match.Prefix), match.Prefix);
        match.PathRegex = section.Text(nameof(match.PathRegex), match.PathRegex);
        match.IgnoreCase = section.Flag(nameof(match.IgnoreCase), match.IgnoreCase);
        match.Methods = section.List(nameof(match.Methods), match.Methods, ServerValues.Method);
        match.Headers = Conditions(section, nameof(match.Headers), StringComparer.OrdinalIgnoreCase);
        match.Query = Conditions(section, nameof(match.Query), StringComparer.Ordinal);
        match.Callers = section.List(nameof(match.Callers), match.Callers, ServerValues.Caller);
        match.Lane = section.Text(nameof(match.Lane), match.Lane);
        match.Fraction = section.Number(nameof(match.Fraction), match.Fraction);
    }

    private static Dictionary<string, ValueMatchOptions> Conditions(SectionReader section, string key, StringComparer comparer)
    {
        Dictionary<string, ValueMatchOptions> conditions = new(comparer);
        foreach (ConfigNode node in section.Named(key))
        {
            var condition = new ValueMatchOptions();
            if (node.HasChildren)
            {
                SectionReader.Read(node, condition, Condition, section.Errors);
            }
            else
            {
                RouteValues.Short(node.Value ?? "", condition);
            }

            conditions[node.Key] = condition;
        }

        return conditions;
    }

    private static void Condition(SectionReader section, ValueMatchOptions condition)
    {
        condition.Exact = section.Parsed(nameof(condition.Exact), condition.Exact, ValueParsers.Text!);
        condition.Prefix = section.Parsed(nameof(condition.Prefix), condition.Prefix, ValueParsers.Text!);
        condition.Suffix = section.Parsed(nameof(condition.Suffix), condition.Suffix, ValueParsers.Text!);
        condition.Contains = section.Parsed(nameof(condition.Contains), condition.Contains, ValueParsers.Text!);
        condition.Regex = section.Parsed(nameof(condition.Regex), condition.Regex, ValueParsers.Text!);
        condition.Present = section.Flag(nameof(condition.Present), condition.Present);
        condition.Range = section.Parsed(nameof(condition.Range), condition.Range, ValueParsers.Text!);
        condition.Invert = section.Flag(nameof(condition.Invert), condition.Invert);
        condition.IgnoreCase = section.Flag(nameof(condition.IgnoreCase), condition.IgnoreCase);
        condition.MissingIsEmpty = section.Flag(nameof(condition.MissingIsEmpty), condition.MissingIsEmpty);
    }

    private static SplitOptions Split(SectionReader section)
    {
        var split = new SplitOptions();
        split.Service = section.Text(nameof(split.Service), split.Service);
        split.Labels = section.Pairs(nameof(split.Labels));
        split.Weight = section.Integer(nameof(split.Weight), split.Weight);
        return split;
    }

    private static void Retry(SectionReader section, RouteRetryOptions options)
    {
        options.MaxAttempts = section.Integer(nameof(options.MaxAttempts), options.MaxAttempts);
        IList<string> none = [];
        IList<string> on = section.List(nameof(options.On), options.On ?? none, ValueParsers.RetryCondition);
        options.On = ReferenceEquals(on, none) ? null : on;
        options.BaseDelay = section.Duration(nameof(options.BaseDelay), options.BaseDelay);
        options.MaxDelay = section.Duration(nameof(options.MaxDelay), options.MaxDelay);
        options.NonIdempotent = section.Flag(nameof(options.NonIdempotent), options.NonIdempotent);
    }

    private static void Hedging(SectionReader section, RouteHedgingOptions options)
    {
        options.Delay = section.Duration(nameof(options.Delay), options.Delay);
        options.Percentile = section.Number(nameof(options.Percentile), options.Percentile);
        options.MaxHedged = section.Integer(nameof(options.MaxHedged), options.MaxHedged);
    }

    private static void Edits(SectionReader section, HeaderEditOptions options)
    {
        options.Set = section.Pairs(nameof(options.Set));
        options.Add = section.Pairs(nameof(options.Add));
        options.Remove = section.List(nameof(options.Remove), options.Remove, RouteValues.HeaderName);
    }

    private static void Rewrite(SectionReader section, RouteRewriteOptions options)
    {
        options.Path = section.Text(nameof(options.Path), options.Path);
        options.Prefix = section.Text(nameof(options.Prefix), options.Prefix);
        options.Regex = section.Text(nameof(options.Regex), options.Regex);
        options.Substitution = section.Text(nameof(options.Substitution), options.Substitution);
        options.Host = section.Text(nameof(options.Host), options.Host);
    }

    private static void Respond(SectionReader section, DirectResponseOptions options)
    {
        options.Status = section.Integer(nameof(options.Status), options.Status);
        options.Body = section.Text(nameof(options.Body), options.Body);
        options.ContentType = section.Text(nameof(options.ContentType), options.ContentType);
    }

    private static void Redirect(SectionReader section, RedirectOptions options)
    {
        options.Scheme = section.Text(nameof(options.Scheme), options.Scheme);
        options.Host = section.Text(nameof(options.Host), options.Host);
        options.Port = section.Integer(nameof(options.Port), options.Port);
        options.Path = section.Text(nameof(options.Path), options.Path);
        options.Prefix = section.Text(nameof(options.Prefix), options.Prefix);
        options.StripQuery = section.Flag(nameof(options.StripQuery), options.StripQuery);
        options.Status = section.Integer(nameof(options.Status), options.Status);
    }

    private static void Mirror(SectionReader section, MirrorOptions options)
    {
        options.Service = section.Text(nameof(options.Service), options.Service);
        options.Labels = section.Pairs(nameof(options.Labels));
        options.Percent = section.Number(nameof(options.Percent), options.Percent);
        options.MaxBody = section.Integer(nameof(options.MaxBody), options.MaxBody);
        options.MaxActive = section.Integer(nameof(options.MaxActive), options.MaxActive);
    }

    private static void Fault(SectionReader section, FaultOptions options)
    {
        options.Delay = section.Duration(nameof(options.Delay), options.Delay);
        options.DelayPercent = section.Number(nameof(options.DelayPercent), options.DelayPercent);
        options.AbortStatus = section.Integer(nameof(options.AbortStatus), options.AbortStatus);
        options.AbortGrpcStatus = section.Integer(nameof(options.AbortGrpcStatus), options.AbortGrpcStatus);
        options.AbortPercent = section.Number(nameof(options.AbortPercent), options.AbortPercent);
        options.FromHeaders = section.Flag(nameof(options.FromHeaders), options.FromHeaders);
        options.MaxActive = section.Integer(nameof(options.MaxActive), options.MaxActive);
    }

    private static T? Optional<[System.Diagnostics.CodeAnalysis.DynamicallyAccessedMembers(System.Diagnostics.CodeAnalysis.DynamicallyAccessedMemberTypes.PublicProperties)] T>(
        SectionReader section, string key, Action<SectionReader, T> read)
        where T : class, new()
    {
        var options = new T();
        section.Section(key, options, read);
        return section.Node.Child(key) is { } child && (child.HasChildren || child.Value is not null) ? options : null;
    }
}
