using System.Globalization;
using System.Text;
using System.Text.Json;
using Mesh.Client.Grpc;
using Mesh.Client.Model;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Mesh.Client.AspNetCore.Rejections;

/// <summary>
/// Answers a request that was refused: with a status and <c>application/problem+json</c> (RFC 9457), for gRPC with a trailers-only reply. Limits are told
/// as in draft-ietf-httpapi-ratelimit-headers-09.
/// </summary>
internal static class RejectionWriter
{
    // A limit of 0 is never worth another try.
    private static readonly TimeSpan s_never = TimeSpan.FromDays(10 * 365);

    public static Task WriteAsync(HttpContext context, in Rejection rejection)
    {
        HttpResponse response = context.Response;
        bool hasTime = rejection.RetryAfter > TimeSpan.Zero && rejection.RetryAfter < s_never;
        if (hasTime)
        {
            response.Headers.RetryAfter = Seconds(rejection.RetryAfter);
        }

        if (rejection.Limit is { } limit)
        {
            // Its caller's share, or the fleet's: no other instance has more of it.
            if (!limit.Key.Equals(LimitKey.None) || limit.Store is not LimitStore.Memory)
            {
                response.Headers[UsedUpShare.Header] = "true";
            }

            // The fields know whole seconds only: a window that is none is left out.
            string name = Quoted(limit.Name);
            string window = limit.Per.Ticks % TimeSpan.TicksPerSecond == 0 ? $";w={Seconds(limit.Per)}" : "";
            response.Headers["RateLimit-Policy"] = string.Create(CultureInfo.InvariantCulture, $"{name};q={limit.Permits}{window}");
            response.Headers["RateLimit"] = $"{name};r=0{(hasTime ? $";t={Seconds(rejection.RetryAfter)}" : "")}";
        }

        return AnswerAsync(context, rejection.Status, rejection.GrpcStatus, rejection.Detail);
    }

    /// <summary>Answers in the same way with what another part of the house decided.</summary>
    /// <param name="context">The request.</param>
    /// <param name="status">The status of an HTTP answer.</param>
    /// <param name="grpcStatus">The status of a gRPC answer.</param>
    /// <param name="detail">For a person.</param>
    /// <param name="retryAfter">When it is worth to come again; zero says nothing.</param>
    public static Task WriteAsync(HttpContext context, int status, GrpcStatusCode grpcStatus, string detail, TimeSpan retryAfter)
    {
        if (retryAfter > TimeSpan.Zero && retryAfter < s_never)
        {
            context.Response.Headers.RetryAfter = Seconds(retryAfter);
        }

        return AnswerAsync(context, status, grpcStatus, detail);
    }

    private static Task AnswerAsync(HttpContext context, int status, GrpcStatusCode grpcStatus, string detail)
    {
        HttpResponse response = context.Response;
        if (context.Request.ContentType is { } type && GrpcRequest.IsMediaType(type))
        {
            response.StatusCode = StatusCodes.Status200OK;
            response.ContentType = type.AsSpan().ContainsAnyExceptInRange(' ', '~') ? GrpcNames.MediaType : type;
            response.Headers[GrpcNames.Status] = ((int)grpcStatus).ToString(CultureInfo.InvariantCulture);
            response.Headers[GrpcNames.Message] = GrpcMessageText.Encode(detail);
            return Task.CompletedTask;
        }

        response.StatusCode = status;
        response.ContentType = "application/problem+json";
        response.Headers.CacheControl = "no-store";
        byte[] body = Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{{\"type\":\"about:blank\",\"title\":\"{ReasonPhrases.GetReasonPhrase(status)}\",\"status\":{status},\"detail\":\"{JsonEncodedText.Encode(detail)}\"}}"));
        response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    // Whole seconds, rounded up but for what is less than the way takes: who comes too early is refused again.
    private static string Seconds(TimeSpan time) => Math.Max(1, (long)Math.Ceiling(time.TotalSeconds - 0.001)).ToString(CultureInfo.InvariantCulture);

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
