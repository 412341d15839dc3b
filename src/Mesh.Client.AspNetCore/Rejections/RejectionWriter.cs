using System.Globalization;
using System.Text;
using Mesh.Client.Grpc;
using Microsoft.AspNetCore.Http;

namespace Mesh.Client.AspNetCore.Rejections;

/// <summary>
/// Answers a request that was refused: with a status and <c>application/problem+json</c> (RFC 9457), for gRPC with a trailers-only reply. Limits are told
/// as in draft-ietf-httpapi-ratelimit-headers-09.
/// </summary>
internal static class RejectionWriter
{
    public static Task WriteAsync(HttpContext context, in Rejection rejection)
    {
        HttpResponse response = context.Response;
        if (rejection.RetryAfter > TimeSpan.Zero)
        {
            response.Headers.RetryAfter = Seconds(rejection.RetryAfter);
        }

        if (rejection.Limit is { } limit)
        {
            string name = Quoted(limit.Name);
            response.Headers["RateLimit-Policy"] = string.Create(CultureInfo.InvariantCulture, $"{name};q={limit.Permits};w={Seconds(limit.Window)}");
            response.Headers["RateLimit"] = $"{name};r=0;t={Seconds(rejection.RetryAfter)}";
        }

        if (context.Request.ContentType is { } type && GrpcRequest.IsMediaType(type))
        {
            response.StatusCode = StatusCodes.Status200OK;
            response.ContentType = type;
            response.Headers[GrpcNames.Status] = ((int)rejection.GrpcStatus).ToString(CultureInfo.InvariantCulture);
            response.Headers[GrpcNames.Message] = GrpcMessageText.Encode(rejection.Detail);
            return Task.CompletedTask;
        }

        response.StatusCode = rejection.Status;
        response.ContentType = "application/problem+json";
        response.Headers.CacheControl = "no-store";
        byte[] body = Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{{\"type\":\"about:blank\",\"title\":\"{rejection.Title}\",\"status\":{rejection.Status},\"detail\":\"{rejection.Detail}\"}}"));
        response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    // Whole seconds, rounded up: who comes a moment too early is refused again.
    private static string Seconds(TimeSpan time) => ((long)Math.Ceiling(time.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    // A string of structured fields (RFC 9651): printable ASCII.
    private static string Quoted(string name)
    {
        var text = new StringBuilder(name.Length + 2).Append('"');
        foreach (char c in name)
        {
            text.Append(c is '"' or '\\' ? "\\" : "").Append(c is >= ' ' and <= '~' ? c : '?');
        }

        return text.Append('"').ToString();
    }
}
