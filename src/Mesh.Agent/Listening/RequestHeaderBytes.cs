using System.Buffers;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace Mesh.Agent.Listening;

/// <summary>How the bytes of a request's headers are read. Kestrel asks for each of them, which is where those it lets pass and others do not can be refused.</summary>
internal static class RequestHeaderBytes
{
    // RFC 9110, 5.6.2.
    private static readonly SearchValues<char> s_token = SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    /// <summary>Says how a value is read: bytes beyond ASCII come and go as they are.</summary>
    /// <param name="name">The name. One with a colon before it is of HTTP/2, whose list Kestrel knows; in HTTP/1.1 the colon would have ended it.</param>
    /// <exception cref="InvalidOperationException">The name is none; Kestrel answers that with 400.</exception>
    public static Encoding Of(string name) =>
        string.Equals(name, HeaderNames.ContentLength, StringComparison.OrdinalIgnoreCase) ? LengthDigits.Instance
        : name.AsSpan(name.StartsWith(':') ? 1 : 0).ContainsAnyExcept(s_token) ? throw new InvalidOperationException("The name of a header is none.")
        : Encoding.Latin1;
}
