using System.Globalization;
using Mesh.Client.Matching;

namespace Mesh.Client.Options.Checking;

/// <summary>The parsers of the values of <c>Routes</c>.</summary>
internal static class RouteValues
{
    // Beside "host", the pseudo-headers of HTTP/2 and all of gRPC's. Envoy refuses ":" and Host, and leaves the others to break what they may.
    private static readonly string[] s_fixed = ["connection", "content-length", "transfer-encoding", "upgrade", "te", "trailer", "keep-alive", "proxy-connection", "http2-settings"];

    /// <summary>The short form of a condition: the value, its beginning and <c>*</c>, or <c>*</c> for any.</summary>
    public static void Short(string text, ValueMatchOptions condition)
    {
        if (text == "*")
        {
            condition.Present = true;
        }
        else if (text.EndsWith('*'))
        {
            condition.Prefix = text[..^1];
        }
        else
        {
            condition.Exact = text;
        }
    }

    /// <summary>The name of a lane, which travels in a header.</summary>
    public static string? Lane(string text, out string value)
    {
        value = text.Trim();
        return LaneName.IsValid(value)
            ? null
            : "is no name of a lane; use up to 128 letters, digits, '-', '_' and '.', such as \"blue\"";
    }

    public static string? LaneOrAny(string text, out string value)
    {
        value = text.Trim();
        return value == "*" ? null : Lane(text, out value);
    }

    /// <summary>The name of a header that a route may change.</summary>
    public static string? HeaderName(string text, out string value)
    {
        value = text.Trim();
        return value.StartsWith(':') ? "is not a route's to change, as HTTP/2 puts method, path and host there; remove it, and write Rewrite:Path or Rewrite:Host"
            : !RequestPartText.IsToken(value) ? "is no name of a header; write a name such as \"x-version\""
            : value.Equals("host", StringComparison.OrdinalIgnoreCase) ? "is not a route's to change in this way; remove it, and write Rewrite:Host"
            : s_fixed.Contains(value, StringComparer.OrdinalIgnoreCase) ? "is not a route's to change; remove it, since the connection and the framing of the body decide it"
            : value.StartsWith("grpc-", StringComparison.OrdinalIgnoreCase) ? "is not a route's to change; remove it, since gRPC itself reads status, time and encoding there. Respond and Fault:AbortGrpcStatus give a call another status, Timeout another time"
            : null;
    }

    /// <summary>The value of a header.</summary>
    public static string? HeaderValue(string? text) =>
        text is null || text.Any(static c => c is < ' ' and not '\t' or > '~') ? "is no value of a header; write visible characters of ASCII without line breaks" : null;

    /// <summary>A path to compare with, or to put in a path's place.</summary>
    public static string? PathText(string text) =>
        text.Length > 0 && text[0] == '/' && !text.AsSpan().ContainsAny("?# \r\n") && !text.Any(char.IsControl)
            ? null
            : "is no path; write one that begins with \"/\" and has no query, such as \"/orders\"";

    /// <summary>The whole path of a redirect, which may have a query.</summary>
    public static string? PathAndQuery(string text)
    {
        int query = text.IndexOf('?', StringComparison.Ordinal);
        return PathText(query < 0 ? text : text[..query]) is null && (query < 0 || PathText($"/{text[(query + 1)..].Replace('?', '/')}") is null)
            ? null
            : "is no path; write one that begins with \"/\", such as \"/orders\" or \"/orders?all=1\"";
    }

    /// <summary>A host with a port where it needs one.</summary>
    public static string? Host(string text) =>
        Uri.TryCreate($"http://{text}/", UriKind.Absolute, out Uri? uri) && uri is { PathAndQuery: "/", Fragment: "", UserInfo: "" } && Uri.CheckHostName(uri.IdnHost.Trim('[', ']')) is not UriHostNameType.Unknown && text[^1] != ':'
            ? null
            : "is no host; write a name, with a port where it needs one, such as \"orders.example\"";

    /// <summary>Whether a host that is one has a port.</summary>
    public static bool HasPort(string host) => host.LastIndexOf(':') > host.LastIndexOf(']');

    /// <summary>A range of whole numbers, <c>10-20</c>, without its end.</summary>
    public static string? Range(string text, out long first, out long end)
    {
        first = 0;
        end = 0;
        int dash = text.Length == 0 ? -1 : text.IndexOf('-', 1);
        return dash > 0
            && long.TryParse(text.AsSpan(0, dash), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out first)
            && long.TryParse(text.AsSpan(dash + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out end)
            && first < end
            ? null
            : "is no range; write the first whole number and the one that it ends before, such as \"10-20\"";
    }
}
