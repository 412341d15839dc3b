using System.Globalization;
using System.Text;

namespace Mesh.Faults.Http;

/// <summary>A message of HTTP/1.1 as it stands on the wire.</summary>
/// <param name="Head">From the start line to the empty one.</param>
/// <param name="Body">The body, chunks and all.</param>
internal sealed record HttpMessage(string Head, byte[] Body)
{
    public string StartLine => Head[..Head.IndexOf('\r', StringComparison.Ordinal)];

    /// <summary>Of a request.</summary>
    public string Method => StartLine.Split(' ')[0];

    /// <summary>Of a request.</summary>
    public string Path => StartLine.Split(' ')[1];

    public bool IsLast => Value("Connection") is { } value && value.Contains("close", StringComparison.OrdinalIgnoreCase);

    /// <summary>An answer of the proxy's own.</summary>
    public static HttpMessage Answer(int status, int retryAfter)
    {
        string wait = retryAfter > 0 ? string.Create(CultureInfo.InvariantCulture, $"Retry-After: {retryAfter}\r\n") : "";
        return new HttpMessage(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} Faulty\r\n{wait}Content-Length: 6\r\n\r\n"), "faulty"u8.ToArray());
    }

    /// <summary>A header's value; <see langword="null"/> where there is none.</summary>
    public string? Value(string name)
    {
        int start = Head.IndexOf($"\r\n{name}:", StringComparison.OrdinalIgnoreCase);
        return start < 0 ? null : Head[(start + name.Length + 3)..].Split('\r')[0].Trim();
    }

    public byte[] ToBytes() => [.. Encoding.Latin1.GetBytes(Head), .. Body];
}
