using Mesh.Client.Options.Reading;

namespace Mesh.Client.Options.Checking;

/// <summary>Finds the texts of a route that code set to null. The configuration has no null: there they are empty.</summary>
internal sealed class RouteNulls(OptionErrors errors)
{
    public void Check(RouteRuleOptions route, string origin)
    {
        Texts(origin, (nameof(route.Name), route.Name), (nameof(route.SplitKey), route.SplitKey), (nameof(route.Lane), route.Lane));
        RouteMatchOptions match = route.Match;
        Texts($"{origin}{nameof(route.Match)}:", (nameof(match.Path), match.Path), (nameof(match.Exact), match.Exact), (nameof(match.Prefix), match.Prefix), (nameof(match.PathRegex), match.PathRegex), (nameof(match.Lane), match.Lane));
        RouteRewriteOptions rewrite = route.Rewrite;
        Texts(
            $"{origin}{nameof(route.Rewrite)}:",
            (nameof(rewrite.Path), rewrite.Path), (nameof(rewrite.Prefix), rewrite.Prefix), (nameof(rewrite.Regex), rewrite.Regex), (nameof(rewrite.Substitution), rewrite.Substitution), (nameof(rewrite.Host), rewrite.Host));
        if (route.Redirect is { } redirect)
        {
            Texts($"{origin}{nameof(route.Redirect)}:", (nameof(redirect.Scheme), redirect.Scheme), (nameof(redirect.Host), redirect.Host), (nameof(redirect.Path), redirect.Path), (nameof(redirect.Prefix), redirect.Prefix));
        }

        if (route.Mirror is { } mirror)
        {
            Texts($"{origin}{nameof(route.Mirror)}:", (nameof(mirror.Service), mirror.Service));
        }
    }

    /// <summary>Reports those that are null.</summary>
    public void Texts(string origin, params ReadOnlySpan<(string Name, string? Text)> texts)
    {
        foreach ((string name, string? text) in texts)
        {
            if (text is null)
            {
                errors.Add($"{origin}{name}", null, "is null; give it an empty text instead");
            }
        }
    }
}
