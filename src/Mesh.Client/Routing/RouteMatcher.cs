using Mesh.Client.Matching;
using Mesh.Client.Model;

namespace Mesh.Client.Routing;

/// <summary>Compares a request with a rule, as Envoy compares it with a <c>RouteMatch</c>. The only place that does: what explains a route asks here too.</summary>
internal static class RouteMatcher
{
    /// <summary>The first condition that does not hold.</summary>
    /// <param name="match">The rule.</param>
    /// <param name="facts">The request.</param>
    /// <param name="random">Draws whether the request is in the rule's fraction; asked only where all else holds and the fraction is neither all nor nothing. <see langword="null"/> takes a request that may be in it for one that is.</param>
    /// <param name="name">For a header or a value of the query: its name.</param>
    /// <returns><see cref="RouteCondition.None"/> where all hold.</returns>
    public static RouteCondition FirstFailure<TFacts>(RouteMatch match, scoped in TFacts facts, Random? random, out string name)
        where TFacts : IRequestFacts, allows ref struct
    {
        name = "";
        if (!PathMatches(match, facts.Path))
        {
            return RouteCondition.Path;
        }

        if (!match.Methods.IsEmpty && !Contains(match.Methods, facts.Method, StringComparison.OrdinalIgnoreCase))
        {
            return RouteCondition.Method;
        }

        if (!match.Callers.IsEmpty && !Contains(match.Callers, facts.Caller, StringComparison.OrdinalIgnoreCase))
        {
            return RouteCondition.Caller;
        }

        if (match.Lane is { } lane && (facts.Lane is not { } own || lane != "*" && lane != own))
        {
            return RouteCondition.Lane;
        }

        foreach (ValueCondition header in match.Headers)
        {
            bool isThere = facts.TryGetHeader(header.Name, out string? value);
            if (!ValueMatcher.Matches(header, isThere, value))
            {
                name = header.Name;
                return RouteCondition.Header;
            }
        }

        foreach (ValueCondition condition in match.Query)
        {
            bool isThere = QueryValues.TryFind(facts.Query, condition.Name, out ReadOnlySpan<char> value);
            if (!ValueMatcher.Matches(condition, isThere, value))
            {
                name = condition.Name;
                return RouteCondition.Query;
            }
        }

        return match.Fraction >= 1 || (match.Fraction > 0 && (random is null || random.NextDouble() < match.Fraction)) ? RouteCondition.None : RouteCondition.Fraction;
    }

    private static bool PathMatches(RouteMatch match, ReadOnlySpan<char> path)
    {
        StringComparison comparison = match.IgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return match.Prefix is { } prefix ? path.StartsWith(prefix, comparison)
            : match.Exact is { } exact ? path.Equals(exact, comparison)
            : match.Path is { } pattern ? pattern.Matches(path.Contains('%') ? Uri.UnescapeDataString(path) : path)
            : match.PathRegex is not { } regex || regex.Matches(path);
    }

    private static bool Contains(ValueList<string> values, ReadOnlySpan<char> wanted, StringComparison comparison)
    {
        foreach (string value in values)
        {
            if (wanted.Equals(value, comparison))
            {
                return true;
            }
        }

        return false;
    }
}
