using System.Net.Http.Headers;
using Mesh.Client.Model;

namespace Mesh.Client.Options.Checking;

/// <summary>Reads a part of a request from its text, such as <c>header:x-user-id</c> or <c>path</c>.</summary>
internal static class RequestPartText
{
    private const int MaxName = 256;

    /// <summary>Reads a text that is known to be well formed; <see langword="null"/> where it is empty.</summary>
    public static RequestPart? Parse(string text) => TryParse(text, out RequestPart? part) ? part : throw new FormatException($"\"{text}\" is no part of a request.");

    /// <summary>Reads it; an empty text is no part.</summary>
    /// <returns>Whether it is well formed.</returns>
    public static bool TryParse(string text, out RequestPart? part)
    {
        part = null;
        if (text.Length == 0)
        {
            return true;
        }

        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string word = (colon < 0 ? text : text[..colon]).Trim();
        string name = colon < 0 ? "" : text[(colon + 1)..].Trim();
        if (Enum.GetNames<RequestPartKind>().FirstOrDefault(k => k.Equals(word, StringComparison.OrdinalIgnoreCase)) is not { } known)
        {
            return false;
        }

        var kind = Enum.Parse<RequestPartKind>(known);
        bool wellFormed = kind switch
        {
            RequestPartKind.Header => IsToken(name) && IsRequestHeader(name),
            RequestPartKind.Cookie => IsToken(name),
            RequestPartKind.Query => name.Length is > 0 and <= MaxName,
            _ => colon < 0,
        };
        part = wellFormed ? new RequestPart(kind, name) : null;
        return wellFormed;
    }

    // RFC 9110, 5.6.2.
    internal static bool IsToken(string name) =>
        name.Length is > 0 and <= MaxName && name.All(static c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal));

    // One that belongs to the content, such as Content-Type, never stands among a request's headers.
    private static bool IsRequestHeader(string name)
    {
        using var request = new HttpRequestMessage();
        HttpRequestHeaders headers = request.Headers;
        return headers.TryAddWithoutValidation(name, "");
    }
}
