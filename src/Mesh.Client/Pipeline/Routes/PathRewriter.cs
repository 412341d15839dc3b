using Mesh.Client.Model;

namespace Mesh.Client.Pipeline.Routes;

/// <summary>Changes the path of a URI, as Envoy does: what is not named stays, the query too.</summary>
internal static class PathRewriter
{
    /// <summary>The path afterwards. It may bring a query of its own, where the rewrite has one.</summary>
    /// <param name="rewrite">What to change.</param>
    /// <param name="path">The path as it is sent, without the query.</param>
    public static string Apply(PathRewrite rewrite, string path)
    {
        string changed = rewrite.Kind switch
        {
            PathRewriteKind.Whole => rewrite.Text,
            PathRewriteKind.Prefix => string.Concat(rewrite.Text, path.AsSpan(Math.Min(rewrite.Matched.Length, path.Length))),
            _ => rewrite.Pattern!.Regex.Replace(path, rewrite.Text),
        };
        return changed is ['/', ..] ? changed : $"/{changed}";
    }

    /// <summary>The URI with its path changed. A query that the rewrite brings comes before the request's own.</summary>
    public static Uri Apply(PathRewrite rewrite, Uri uri)
    {
        string changed = Apply(rewrite, uri.AbsolutePath);
        string query = changed.Contains('?', StringComparison.Ordinal) && uri.Query.Length > 1 ? $"&{uri.Query[1..]}" : uri.Query;
        return new Uri($"{uri.GetLeftPart(UriPartial.Authority)}{changed}{query}");
    }
}
