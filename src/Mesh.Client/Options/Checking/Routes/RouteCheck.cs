using System.Globalization;
using Mesh.Client.Model;
using Mesh.Client.Options.Reading;

namespace Mesh.Client.Options.Checking;

/// <summary>Checks <c>Routes</c>, <c>Subsets</c> and <c>Lanes</c>, whoever wrote them: the reader takes texts as they are.</summary>
internal sealed class RouteCheck(OptionErrors errors, LimitCheck limits)
{
    private const int MaxRoutes = 1000;
    private const int MaxName = 100;
    private const int MaxParts = 100;

    private readonly RouteNulls _nulls = new(errors);
    private readonly MatchCheck _match = new(errors);
    private readonly RouteActionCheck _actions = new(errors);

    /// <summary>Reports what is wrong.</summary>
    /// <param name="options">The service.</param>
    /// <param name="inherited">What it started from: lists that it still shares were reported there.</param>
    /// <param name="origin">What to put before the keys.</param>
    public void Whole(ServiceOptions options, ServiceOptions? inherited, string origin)
    {
        if (!ReferenceEquals(options.Routes, inherited?.Routes))
        {
            Routes(options.Routes, origin);
        }

        if (options.Subsets is { Fallback: SubsetFallback.Default, Default.Count: 0 } && (inherited is null || inherited.Subsets.Fallback != options.Subsets.Fallback))
        {
            errors.Add($"{origin}{nameof(options.Subsets)}:{nameof(options.Subsets.Default)}", null, "must name the labels of the default subset, such as { \"version\": \"v1\" }; or write \"Fallback\": \"Any\"");
        }

        Labels(options.Subsets.Default, $"{origin}{nameof(options.Subsets)}:{nameof(options.Subsets.Default)}");
        if (!Enum.IsDefined(options.Subsets.Fallback))
        {
            errors.Add($"{origin}{nameof(options.Subsets)}:{nameof(options.Subsets.Fallback)}", options.Subsets.Fallback.ToString(), "is not known; use a named value");
        }

        Lanes(options.Lanes, $"{origin}{nameof(options.Lanes)}:");
    }

    // What the configuration gave was read by the same rules.
    private void Lanes(LaneOptions lanes, string origin)
    {
        _nulls.Texts(origin, (nameof(lanes.Label), lanes.Label));
        if (lanes.Strict is null)
        {
            errors.Add($"{origin}{nameof(lanes.Strict)}", null, "is null; give it an empty list instead");
        }

        foreach (string? lane in lanes.Strict ?? [])
        {
            if (RouteValues.LaneOrAny(lane ?? "", out _) is { } problem)
            {
                errors.Add($"{origin}{nameof(lanes.Strict)}", lane, problem);
            }
        }
    }

    private void Routes(IList<RouteRuleOptions>? routes, string origin)
    {
        string list = $"{origin}{nameof(ServiceOptions.Routes)}";
        if (routes is null || routes.Count > MaxRoutes)
        {
            errors.Add(list, routes?.Count.ToString(CultureInfo.InvariantCulture), routes is null ? "is null; give it an empty list instead" : $"has too many routes; at most {MaxRoutes} are possible");
            return;
        }

        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < routes.Count; i++)
        {
            string item = string.Create(CultureInfo.InvariantCulture, $"{list}:{i}");
            if (routes[i] is not { } route)
            {
                errors.Add(item, null, "is null; remove it");
                continue;
            }

            // One without a name is called by its place.
            string name = string.IsNullOrEmpty(route.Name) ? string.Create(CultureInfo.InvariantCulture, $"{nameof(ServiceOptions.Routes)}:{i}") : route.Name;

            if (name.Length > MaxName || name.Any(char.IsControl) || !names.Add(name))
            {
                errors.Add($"{item}:{nameof(route.Name)}", name, $"is in the list twice or longer than {MaxName} characters; give each route a name of its own");
            }

            Route(route, $"{item}:");
        }
    }

    private void Route(RouteRuleOptions route, string origin)
    {
        _nulls.Check(route, origin);
        _match.Check(route.Match, $"{origin}{nameof(route.Match)}:");
        Split(route.Split, $"{origin}{nameof(route.Split)}");
        if (!RequestPartText.TryParse(route.SplitKey ?? "", out _))
        {
            errors.Add($"{origin}{nameof(route.SplitKey)}", route.SplitKey, "is no part of a request; write \"header:name\", \"query:name\", \"cookie:name\", \"path\" or \"caller\", or \"\" for none");
        }

        if (route.Lane is { Length: > 0 } lane && RouteValues.Lane(lane, out _) is { } problem)
        {
            errors.Add($"{origin}{nameof(route.Lane)}", lane, problem);
        }

        OptionRules rules = OptionRules.For<RouteRuleOptions>();
        Range(rules, origin, nameof(route.Timeout), route.Timeout);
        Range(rules, origin, nameof(route.AttemptTimeout), route.AttemptTimeout);
        Retry(route.Retry, $"{origin}{nameof(route.Retry)}:");
        rules = OptionRules.For<RouteHedgingOptions>();
        Range(rules, $"{origin}{nameof(route.Hedging)}:", nameof(route.Hedging.Delay), route.Hedging.Delay);
        Range(rules, $"{origin}{nameof(route.Hedging)}:", nameof(route.Hedging.Percentile), route.Hedging.Percentile);
        Range(rules, $"{origin}{nameof(route.Hedging)}:", nameof(route.Hedging.MaxHedged), route.Hedging.MaxHedged);
        limits.Whole(route.RateLimits, null, origin);
        limits.Whole(route.Concurrency, null, origin);
        _actions.Check(route, origin);
    }

    private void Retry(RouteRetryOptions retry, string origin)
    {
        OptionRules rules = OptionRules.For<RouteRetryOptions>();
        Range(rules, origin, nameof(retry.MaxAttempts), retry.MaxAttempts);
        Range(rules, origin, nameof(retry.BaseDelay), retry.BaseDelay);
        Range(rules, origin, nameof(retry.MaxDelay), retry.MaxDelay);
        if (retry.BaseDelay > retry.MaxDelay)
        {
            errors.Add($"{origin}{nameof(retry.BaseDelay)}", retry.BaseDelay.Value.ToString("c", CultureInfo.InvariantCulture), $"is longer than {nameof(retry.MaxDelay)}; lower it or raise the other");
        }

        foreach (string? word in retry.On ?? [])
        {
            if (ValueParsers.RetryCondition(word ?? "", out _) is { } problem)
            {
                errors.Add($"{origin}{nameof(retry.On)}", word, problem);
            }
        }
    }

    private void Split(IList<SplitOptions>? split, string origin)
    {
        if (split is null || split.Count > MaxParts)
        {
            errors.Add(origin, split?.Count.ToString(CultureInfo.InvariantCulture), split is null ? "is null; give it an empty list instead" : $"has too many parts; at most {MaxParts} are possible");
            return;
        }

        OptionRules rules = OptionRules.For<SplitOptions>();
        for (int i = 0; i < split.Count; i++)
        {
            string item = string.Create(CultureInfo.InvariantCulture, $"{origin}:{i}:");
            if (split[i] is not { } part)
            {
                errors.Add(item.TrimEnd(':'), null, "is null; remove it");
                continue;
            }

            Range(rules, item, nameof(part.Weight), part.Weight);
            Labels(part.Labels, $"{item}{nameof(part.Labels)}");
            _nulls.Texts(item, (nameof(part.Service), part.Service));
            if (part.Service is { Length: > 0 } service && HostName.ServiceProblem(service) is { } problem)
            {
                errors.Add($"{item}{nameof(part.Service)}", service, problem);
            }
        }

        if (split.Count > 0 && split.Sum(static s => (long)(s?.Weight ?? 0)) <= 0)
        {
            errors.Add(origin, null, "has no weight above 0, so that no call could go anywhere; give one of its parts a Weight");
        }
    }

    private void Labels(IDictionary<string, string>? labels, string key)
    {
        if (labels is null || labels.Any(static l => l.Value is null))
        {
            errors.Add(key, null, "is null or has a null in it; leave it empty where there are no labels");
        }
    }

    private void Range<T>(OptionRules rules, string origin, string property, T value)
    {
        if (rules.Problem(property, value) is { } problem)
        {
            errors.Add($"{origin}{property}", Convert.ToString(value, CultureInfo.InvariantCulture), problem);
        }
    }
}
