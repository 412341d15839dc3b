using Mesh.Client.Matching;
using Mesh.Client.Model;
using Mesh.Client.Routing;

namespace Mesh.Client.Explaining;

/// <summary>Says in words which condition of a route does not hold. Values of headers and of the query are left out, the request's and the route's: they may be secret.</summary>
internal static class RouteReason
{
    public static string Of<TFacts>(RouteMatch match, RouteCondition condition, string name, scoped in TFacts facts)
        where TFacts : IRequestFacts, allows ref struct => condition switch
        {
            RouteCondition.None => "",
            RouteCondition.Path => $"the path {facts.Path} {Path(match)}",
            RouteCondition.Method => $"the method {facts.Method} is none of {Join(match.Methods)}",
            RouteCondition.Caller => $"the caller {(string.IsNullOrEmpty(facts.Caller) ? "is not known (Local:Service has no name)" : $"\"{facts.Caller}\"")} is none of {Join(match.Callers)}",
            RouteCondition.Lane => $"the request is in {(facts.Lane is { } lane ? $"lane \"{lane}\"" : "no lane")}, not in {(match.Lane == "*" ? "any" : $"\"{match.Lane}\"")}",
            RouteCondition.Header => $"the header {name} {Value(match.Headers, name, facts.TryGetHeader(name, out _))}",
            RouteCondition.Query => $"the query's {name} {Value(match.Query, name, QueryValues.TryFind(facts.Query, name, out _))}",
            _ => "its fraction is 0",
        };

    private static string Path(RouteMatch match)
    {
        string ignoring = match.IgnoreCase ? ", without regard to case" : "";
        return match.Prefix is { } prefix ? $"does not begin with \"{prefix}\"{ignoring}"
            : match.Exact is { } exact ? $"is not \"{exact}\"{ignoring}"
            : match.Path is { } pattern ? $"does not match \"{pattern}\"{ignoring}"
            : $"does not match the expression \"{match.PathRegex}\"";
    }

    private static string Value(ValueList<ValueCondition> conditions, string name, bool isThere)
    {
        ValueCondition condition = conditions.Items.First(c => c.Name == name);
        string wanted = condition.Kind switch
        {
            ValueConditionKind.Exact => "be what the route says",
            ValueConditionKind.Prefix => "begin as the route says",
            ValueConditionKind.Suffix => "end as the route says",
            ValueConditionKind.Contains => "contain what the route says",
            ValueConditionKind.Regex => "match the route's expression",
            ValueConditionKind.Range => $"be a whole number from {condition.First} to before {condition.End}",
            ValueConditionKind.Present => "be there",
            _ => "be missing",
        };
        return isThere || condition.MissingIsEmpty
            ? $"has another value; it must {(condition.Invert ? "not " : "")}{wanted}"
            : $"is missing; it must {(condition.Invert ? "be there and not " : "")}{wanted}";
    }

    private static string Join(ValueList<string> values) => string.Join(", ", values.Items);
}
