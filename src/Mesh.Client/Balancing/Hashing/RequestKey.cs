using System.Net.Http.Headers;
using Mesh.Client.Inbound;
using Mesh.Client.Matching;
using Mesh.Client.Model;

namespace Mesh.Client.Balancing.Hashing;

/// <summary>
/// The key of a call: XXH64 of the part of the request that <c>LoadBalancing:HashKey</c> names. The same in every process, and for each attempt of a call,
/// because nothing else goes into it. Where the part is missing or empty there is no key: one endpoint must not get all who are nobody.
/// </summary>
internal static class RequestKey
{
    /// <summary>The key; <see langword="null"/> where the request has none.</summary>
    /// <param name="request">The request.</param>
    /// <param name="part">What to look at.</param>
    /// <param name="local">This process.</param>
    public static ulong? Of(HttpRequestMessage request, RequestPart part, LocalPolicy local) => part.Kind switch
    {
        RequestPartKind.Header => OfHeader(request, part.Name),
        RequestPartKind.Cookie => OfCookie(request, part.Name),
        RequestPartKind.Query => OfQuery(request.RequestUri!.PathAndQuery, part.Name),
        RequestPartKind.Path => OfPath(request.RequestUri!.PathAndQuery),
        _ => OfHeader(request, InboundHeaders.Caller) ?? OfText(local.Service) ?? OfText(local.Instance),
    };

    // Several values are joined as on the wire; one, which is what nearly every header has, is there as it is.
    private static ulong? OfHeader(HttpRequestMessage request, string name) =>
        request.Headers.NonValidated.TryGetValues(name, out HeaderStringValues values) ? OfText(values.ToString()) : null;

    private static ulong? OfCookie(HttpRequestMessage request, string name)
    {
        foreach (ReadOnlySpan<char> value in new CookieValues(request, name))
        {
            return OfText(value);
        }

        return null;
    }

    // Decoded, as a condition of a route reads it: whoever matches by a value and sticks by it means one and the same.
    private static ulong? OfQuery(ReadOnlySpan<char> pathAndQuery, string name) =>
        pathAndQuery.IndexOf('?') is var start and >= 0 && QueryValues.TryFind(pathAndQuery[start..], name, out ReadOnlySpan<char> value) ? OfText(value) : null;

    private static ulong? OfPath(ReadOnlySpan<char> pathAndQuery)
    {
        int end = pathAndQuery.IndexOf('?');
        return OfText(end < 0 ? pathAndQuery : pathAndQuery[..end]);
    }

    private static ulong? OfText(ReadOnlySpan<char> text) => text.IsEmpty ? null : XxHash64.Hash(text);
}
