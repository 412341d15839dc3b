using System.Diagnostics.CodeAnalysis;

namespace Mesh.Agent.Commands.Explaining;

/// <summary>A request as it stands on a command line.</summary>
/// <param name="Method">The method.</param>
/// <param name="Uri">Where it goes: <c>http://orders/today</c>.</param>
/// <param name="Headers">Its headers, each as <c>name: value</c>.</param>
internal sealed record RequestLine(string Method, Uri Uri, IReadOnlyList<string> Headers)
{
    private const string Form = "write explain [METHOD] http://service/path [-H 'name: value']";

    /// <summary>Reads a request.</summary>
    /// <param name="words">The method, which may be missing, and the URI.</param>
    /// <param name="headers">The headers.</param>
    /// <param name="request">The request.</param>
    /// <param name="fault">What is wrong, and the remedy.</param>
    public static bool TryParse(IReadOnlyList<string> words, IReadOnlyList<string> headers, [NotNullWhen(true)] out RequestLine? request, [NotNullWhen(false)] out string? fault)
    {
        request = null;
        if (words.Count is 0 or > 2)
        {
            fault = words.Count == 0 ? $"explain needs a request; {Form}" : $"\"{words[2]}\" is not understood; {Form}";
            return false;
        }

        string method = words.Count == 2 ? words[0].ToUpperInvariant() : "GET";
        if (!Uri.TryCreate(words[^1], UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
        {
            fault = $"\"{words[^1]}\" is no URI of a request; {Form}";
            return false;
        }

        request = new RequestLine(method, uri, headers);
        if (!request.TryCreate(out HttpRequestMessage? message, out fault))
        {
            return false;
        }

        message.Dispose();
        return true;
    }

    /// <summary>Makes the message of it.</summary>
    /// <param name="message">The message.</param>
    /// <param name="fault">What is wrong, and the remedy.</param>
    public bool TryCreate([NotNullWhen(true)] out HttpRequestMessage? message, [NotNullWhen(false)] out string? fault)
    {
        message = null;
        fault = null;
        try
        {
            message = new HttpRequestMessage(new HttpMethod(Method), Uri);
        }
        catch (FormatException)
        {
            fault = $"\"{Method}\" is no method; {Form}";
            return false;
        }

        foreach (string header in Headers)
        {
            string[] parts = header.Split(':', 2, StringSplitOptions.TrimEntries);
            if (parts.Length < 2 || !(message.Headers.TryAddWithoutValidation(parts[0], parts[1]) || AddToContent(message, parts[0], parts[1])))
            {
                message.Dispose();
                message = null;
                fault = $"\"{header}\" is no header; write -H 'name: value'";
                return false;
            }
        }

        return true;
    }

    // Content-Type and the like are headers of the content here, which is never sent.
    private static bool AddToContent(HttpRequestMessage message, string name, string value) =>
        (message.Content ??= new ByteArrayContent([])).Headers.TryAddWithoutValidation(name, value);
}
