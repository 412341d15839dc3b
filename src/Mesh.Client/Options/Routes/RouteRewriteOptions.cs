using Mesh.Client.Matching;

namespace Mesh.Client.Options;

/// <summary>How a request is changed before it is sent: at most one of <see cref="Path"/>, <see cref="Prefix"/> and <see cref="Regex"/>. The query stays.</summary>
public sealed class RouteRewriteOptions
{
    /// <summary>The whole path.</summary>
    public string Path { get; set; } = "";

    /// <summary>What replaces the beginning that <c>Match:Prefix</c> matched, or the whole path that <c>Match:Exact</c> matched (Envoy's <c>prefix_rewrite</c>).</summary>
    public string Prefix { get; set; } = "";

    /// <summary>A regular expression, without backtracking, whose every match in the path <see cref="Substitution"/> replaces (Envoy's <c>regex_rewrite</c>).</summary>
    public string Regex { get; set; } = "";

    /// <summary>What replaces a match of <see cref="Regex"/>: text, with <c>\1</c> to <c>\9</c> for its groups, <c>\0</c> for all of it and <c>\\</c> for a backslash.</summary>
    public string Substitution { get; set; } = "";

    /// <summary>The <c>Host</c> that the endpoint sees (Envoy's <c>host_rewrite_literal</c>); empty leaves it.</summary>
    public string Host { get; set; } = "";

    internal PatternSlot Pattern { get; } = new(whole: false);

    internal RouteRewriteOptions Copy() => (RouteRewriteOptions)MemberwiseClone();
}
