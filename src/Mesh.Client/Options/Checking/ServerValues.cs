using Mesh.Client.Matching;

namespace Mesh.Client.Options.Checking;

/// <summary>The parsers of the values of <c>Server</c>.</summary>
internal static class ServerValues
{
    public static string? Network(string text, out string value)
    {
        value = text.Trim();
        return NetworkSet.TryParse(value, out _);
    }

    public static string? Caller(string text, out string value)
    {
        value = text.Trim();
        return HostName.IsValid(value) ? null : "is no name of a service; use letters, digits, '-', '_' and '.', such as \"web\"";
    }

    public static string? Method(string text, out string value)
    {
        value = text.Trim().ToUpperInvariant();
        return RequestPartText.IsToken(value) ? null : "is no method of HTTP; write \"GET\", \"POST\" or the like";
    }

    public static string? Path(string text, out string value)
    {
        value = text.Trim();
        return PathPattern.Problem(value);
    }

    /// <summary>What is wrong with a header that is matched and the remedy; <see langword="null"/> where nothing is.</summary>
    public static string? Header(string name, string? value)
    {
        if (!RequestPartText.IsToken(name))
        {
            return "is no name of a header";
        }

        int star = value?.IndexOf('*', StringComparison.Ordinal) ?? -1;
        return string.IsNullOrEmpty(value) ? "matches no value; write the value, its beginning and \"*\", or \"*\" for any"
            : star >= 0 && star != value.Length - 1 ? "has \"*\" before its end; write an exact value, its beginning and \"*\", or \"*\" for any"
            : null;
    }
}
