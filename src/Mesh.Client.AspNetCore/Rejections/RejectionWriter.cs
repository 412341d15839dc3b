using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Mesh.Client.AspNetCore.Rejections;

/// <summary>
/// Answers a request that was refused: with a status and <c>application/problem+json</c> (RFC 9457), for gRPC with a trailers-only reply. Limits are told
/// as in draft-ietf-httpapi-ratelimit-headers-09.
/// </summary>
internal static class RejectionWriter
{
    /// <summary>Whether a request is one of gRPC, whose clients look for no other status than gRPC's.</summary>
    public static bool IsGrpc(HttpRequest request) =>
        request.ContentType is { } type
        && type.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase)
        && (type.Length == "application/grpc".Length || type["application/grpc".Length] is '+' or ';' or '-');

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

        if (IsGrpc(context.Request))
        {
            response.StatusCode = StatusCodes.Status200OK;
            response.ContentType = context.Request.ContentType;
            response.Headers["grpc-status"] = rejection.GrpcStatus.ToString(CultureInfo.InvariantCulture);
            response.Headers["grpc-message"] = PercentEncoded(rejection.Detail);
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

    // gRPC over HTTP/2: printable ASCII but '%' stands for itself.
    private static string PercentEncoded(string message)
    {
        var text = new StringBuilder(message.Length);
        foreach (byte b in Encoding.UTF8.GetBytes(message))
        {
            if (b is >= (byte)' ' and <= (byte)'~' and not (byte)'%')
            {
                text.Append((char)b);
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
            }
        }

        return text.ToString();
    }
}
