using System.Globalization;
using Mesh.Client.Grpc;
using Mesh.Client.Inbound;
using Mesh.Client.Retries;
using Microsoft.AspNetCore.Http;

namespace Mesh.Client.AspNetCore.Receiving;

/// <summary>
/// Tells the caller of a request that failed for what lies further down that everything was tried there: in <c>x-envoy-attempt-count</c>, at which no caller tries again. Only the
/// lowest layer that sees a failure retries it, however many there are above.
/// </summary>
internal static class ReplyMark
{
    // Whoever had no budget for a second attempt says no less: it is the whole service that fails.
    private const int Several = 2;

    private static readonly Func<object, Task> s_set = static state =>
    {
        var inbound = (InboundRequest)state;
        Set((HttpResponse)inbound.Reply!, inbound);
        return Task.CompletedTask;
    };

    /// <summary>Looks at the reply once more before it leaves.</summary>
    public static void Prepare(HttpContext context, InboundRequest inbound)
    {
        inbound.Reply = context.Response;
        context.Response.OnStarting(s_set, inbound);
    }

    /// <summary>Marks a reply that tells of a failure, where a call on its behalf failed for good.</summary>
    public static void Set(HttpResponse response, InboundRequest inbound)
    {
        if (inbound.AttemptsBelow > 0 && (response.StatusCode >= 500 || (response.ContentType is { } type && GrpcRequest.IsMediaType(type))))
        {
            response.Headers[RetryRules.AttemptCountHeader] = Math.Max(Several, inbound.AttemptsBelow).ToString(CultureInfo.InvariantCulture);
        }
    }
}
