using System.Globalization;
using System.Net;
using Mesh.Client.Model;
using Mesh.Client.Options.Checking;

namespace Mesh.Client.Options.Reading;

/// <summary>The parsers of single values.</summary>
internal static class ValueParsers
{
    private const int MaxProbeService = 256;

    public static string? Duration(string text, out TimeSpan value)
    {
        value = default;
        string trimmed = text.Trim();
        if (double.TryParse(trimmed, NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
        {
            string meant = number is >= 0 and < 86400 ? TimeSpan.FromSeconds(number).ToString("c", CultureInfo.InvariantCulture).TrimFraction() : "00:00:30";
            string seconds = number is >= 0 and < 86400 ? number.ToString(CultureInfo.InvariantCulture) : "30";
            return $"is not a duration: a bare number would mean days; write \"{meant}\" for {seconds} seconds";
        }

        // Only "c" keeps "24:00:00" from being 24 days.
        return TimeSpan.TryParseExact(trimmed, "c", CultureInfo.InvariantCulture, out value)
            ? null
            : "is not a duration; write [d.]hh:mm:ss[.fff], such as \"00:00:30\" for 30 seconds or \"1.00:00:00\" for a day";
    }

    public static string? Integer(string text, out int value)
    {
        if (int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out value))
        {
            return null;
        }

        return "is not a whole number in range; write digits, such as \"5\"";
    }

    public static string? Number(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) ? null : "is not a number; write digits with a point, such as \"0.5\"";

    public static string? Flag(string text, out bool value) => bool.TryParse(text, out value) ? null : "is neither \"true\" nor \"false\"; write one of them";

    public static string? Text(string text, out string value)
    {
        value = text;
        return null;
    }

    public static string? Path(string text, out string? value)
    {
        value = text.Trim();
        return value.Contains('\0', StringComparison.Ordinal) ? "is no path; write that of a folder, or \"\" for none" : null;
    }

    public static string? ProbePath(string text, out string value)
    {
        value = text.Trim();
        return value.Length == 0 || (value[0] == '/' && Uri.TryCreate($"http://endpoint{value}", UriKind.Absolute, out _) && !value.Any(static c => char.IsControl(c) || char.IsWhiteSpace(c)))
            ? null
            : "is no path of a request; write one that begins with \"/\", such as \"/healthz\"";
    }

    /// <summary>What a gRPC probe asks for.</summary>
    public static string? ProbeService(string text, out string value)
    {
        value = text.Trim();
        return value.Length <= MaxProbeService && !value.StartsWith('/') && !value.Any(static c => char.IsControl(c) || char.IsWhiteSpace(c))
            ? null
            : "is no name of a gRPC service; write one such as \"inventory.v1.Inventory\", or \"\" for the whole server";
    }

    public static string? Scheme(string text, out string value)
    {
        value = text.Trim().ToLowerInvariant();
        return value is "http" or "https" ? null : "is no scheme of a probe; write \"http\" or \"https\"";
    }

    /// <summary>A prime. What is out of range is left to the rules.</summary>
    public static string? TableSize(string text, out int value) =>
        Integer(text, out value) ?? (value is < 2 or > 5_000_011 || IsPrime(value) ? null : "is not a prime; write one, such as 65537 or 655373");

    public static string? HashKey(string text, out string value)
    {
        value = text.Trim();
        return RequestPartText.TryParse(value, out _)
            ? null
            : "is no part of a request; write \"header:name\", \"query:name\", \"cookie:name\", \"path\" or \"caller\", or \"\" for none";
    }

    public static string? Sticky(string text, out string value)
    {
        value = text.Trim();
        return RequestPartText.TryParse(value, out RequestPart? part) && part is null or { Kind: RequestPartKind.Cookie or RequestPartKind.Header }
            ? null
            : "cannot carry the mark of an endpoint; write \"cookie:name\" or \"header:name\", or \"\" for none";
    }

    /// <summary>One name of an enum; its numbers are not names.</summary>
    public static string? Choice<T>(string text, out T value)
        where T : struct, Enum
    {
        value = default;
        string trimmed = text.Trim();
        string? name = Enum.GetNames<T>().FirstOrDefault(n => string.Equals(n, trimmed, StringComparison.OrdinalIgnoreCase));
        if (name is null)
        {
            return $"is not known; write one of {string.Join(", ", Enum.GetNames<T>())}";
        }

        value = Enum.Parse<T>(name);
        return null;
    }

    public static string? Encodings(string text, out DecompressionMethods value)
    {
        value = DecompressionMethods.None;
        foreach (Range part in text.AsSpan().Split(','))
        {
            if (Choice(text[part], out DecompressionMethods method) is { } problem)
            {
                return $"{problem}, or several with commas between";
            }

            value |= method;
        }

        return null;
    }

    /// <summary>An HTTP version; HTTP/3 is none, since it would not go through the endpoint's own connection.</summary>
    public static string? HttpVersion(string text, out string value)
    {
        value = text.Trim();
        return HttpVersionOf(value, out _) ? null : "is not an HTTP version that the mesh can speak; write \"1.0\", \"1.1\" or \"2\", or \"\" to leave it to the request";
    }

    public static bool HttpVersionOf(string text, out Version? version)
    {
        (bool known, version) = text switch
        {
            "" => (true, null),
            "1.0" => (true, System.Net.HttpVersion.Version10),
            "1.1" => (true, System.Net.HttpVersion.Version11),
            "2" or "2.0" => (true, System.Net.HttpVersion.Version20),
            _ => (false, (Version?)null),
        };
        return known;
    }

    public static string? Address(string text, out string value)
    {
        value = text;
        return EndpointAddress.Parse(text, out _);
    }

    public static string? RetryCondition(string text, out string value)
    {
        value = text.Trim();
        return RetryWords.TryParse(value, out _, out _)
            ? null
            : $"is nothing that can be retried; write {string.Join(", ", RetryWords.Names)}, \"408\", \"429\", or a status from \"500\" to \"599\"";
    }

    private static bool IsPrime(int number)
    {
        if (number < 4 || number % 2 == 0)
        {
            return number is 2 or 3;
        }

        for (long divisor = 3; divisor * divisor <= number; divisor += 2)
        {
            if (number % divisor == 0)
            {
                return false;
            }
        }

        return true;
    }

    private static string TrimFraction(this string duration) => duration.Contains('.', StringComparison.Ordinal) ? duration.TrimEnd('0') : duration;
}
