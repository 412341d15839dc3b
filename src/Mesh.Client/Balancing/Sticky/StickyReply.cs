using Mesh.Client.Model;

namespace Mesh.Client.Balancing.Sticky;

/// <summary>Tells the caller which endpoint served it, where the caller does not know.</summary>
internal static class StickyReply
{
    /// <summary>Puts the endpoint's mark into a response, unless the request carried it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="response">The endpoint's response.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="part">The cookie or header with the mark.</param>
    public static void Mark(HttpRequestMessage request, HttpResponseMessage response, MeshEndpoint endpoint, RequestPart part)
    {
        ulong own = StickyMark.Of(endpoint);
        foreach (ulong mark in new StickyMarks(request, part))
        {
            if (mark == own)
            {
                return;
            }
        }

        if (part.Kind is RequestPartKind.Cookie)
        {
            response.Headers.TryAddWithoutValidation("Set-Cookie", $"{part.Name}={StickyMark.Format(own)}; Path=/; HttpOnly");
        }
        else
        {
            response.Headers.Remove(part.Name);
            response.Headers.TryAddWithoutValidation(part.Name, StickyMark.Format(own));
        }
    }
}
