using System.Globalization;

namespace Mesh.Client.Options.Checking;

/// <summary>The parsers of the values of <c>Routes</c>.</summary>
internal static class RouteValues
{
    private const int MaxLane = 64;

    // What the connection, the framing or the route itself decides.
    private static readonly string[] s_fixed = ["host", "connection", "content-length", "transfer-encoding", "upgrade", "te", "trailer", "keep-alive", "proxy-connection"];

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
        return value.Length is > 0 and <= MaxLane && value.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? null
            : "is no name of a lane; use up to 64 letters, digits, '-', '_' and '.', such as \"blue\"";
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
        return !RequestPartText.IsToken(value) ? "is no name of a header"
            : s_fixed.Contains(value, StringComparer.OrdinalIgnoreCase) ? "is not a route's to change; the connection decides it, and Rewrite:Host sets the host"
            : null;
    }

    /// <summary>The value of a header.</summary>
    public static string? HeaderValue(string? text) =>
        text is null || text.Any(static c => c is < ' ' and not '\t' or '\x7f' or > '\xff') ? "is no value of a header; write visible characters without line breaks" : null;

    /// <summary>A path to compare with, or to put in a path's place.</summary>
    public static string? PathText(string text) =>
        text.Length > 0 && text[0] == '/' && !text.AsSpan().ContainsAny("?# \r\n") && !text.Any(char.IsControl)
            ? null
            : "is no path; write one that begins with \"/\" and has no query, such as \"/orders\"";

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
