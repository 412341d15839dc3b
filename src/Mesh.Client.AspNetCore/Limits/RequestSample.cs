using Microsoft.AspNetCore.Http;

namespace Mesh.Client.AspNetCore.Limits;

/// <summary>Which requests say by their time how loaded this process is.</summary>
internal static class RequestSample
{
    private const string EventStream = "text/event-stream";

    /// <summary>Whether one does: it was answered, not with an error of this service, and what it took was not up to its client, as with a WebSocket or a stream of events.</summary>
    public static bool Is(HttpContext context) =>
        context.Response.StatusCode is >= 200 and < 500
        && !context.RequestAborted.IsCancellationRequested
        && context.Response.ContentType?.StartsWith(EventStream, StringComparison.OrdinalIgnoreCase) is not true;
}
