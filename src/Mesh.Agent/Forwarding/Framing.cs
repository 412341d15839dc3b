using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Mesh.Agent.Forwarding;

/// <summary>Finds requests whose length others might read differently (RFC 9112, 6.1 and 6.3): Kestrel reads them in one way, and that there is another is reason enough to refuse them.</summary>
internal static class Framing
{
    // Under this name Kestrel keeps the length of a request that says both.
    private const string SecondLength = "X-Content-Length";

    /// <summary>What is wrong with how a request says its length; <see langword="null"/> where nothing is.</summary>
    public static string? Fault(HttpContext context)
    {
        IHeaderDictionary headers = context.Request.Headers;
        StringValues coding = headers.TransferEncoding;
        return coding.Count == 0 ? null
            : coding.Count > 1 || !string.Equals(coding[0], "chunked", StringComparison.OrdinalIgnoreCase) ? "Its Transfer-Encoding is something else than \"chunked\", which nobody behind the agent could undo."
            : headers.ContainsKey(SecondLength) || headers.ContentLength is not null ? "It has a Content-Length beside its Transfer-Encoding; one of them is wrong."
            : !HttpProtocol.IsHttp11(context.Request.Protocol) ? "It has a Transfer-Encoding, which only HTTP/1.1 knows."
            : null;
    }
}
