using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Mesh.Client.Grpc;
using Mesh.Client.Model;
using Mesh.Client.Retries.Grpc;

namespace Mesh.Client.Retries;

/// <summary>Whether a reply asks for another attempt, by the policy alone: budget, deadline and count are judged elsewhere.</summary>
internal static class RetryRules
{
    /// <summary>Counts the attempts of a call, in requests from the second on and in replies that were tried more than once. Envoy's header.</summary>
    public const string AttemptCountHeader = "x-envoy-attempt-count";

    /// <summary>Whether the reply is one that the policy retries, and the request one that may be sent twice.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="request">The request.</param>
    /// <param name="reply">The reply.</param>
    /// <param name="replayable">Whether the request's body can be sent once more.</param>
    public static bool IsRetryable(RetryPolicy policy, HttpRequestMessage request, in AttemptReply reply, bool replayable)
    {
        if (request.Content is GrpcContent messages)
        {
            return GrpcRetryRules.IsRetryable(policy, reply, messages);
        }

        if (reply.Kind is FailureKind.Refused)
        {
            return replayable && policy.Conditions.HasFlag(RetryConditions.RefusedStream);
        }

        if (reply.Kind is FailureKind.ConnectFailure)
        {
            return policy.Conditions.HasFlag(RetryConditions.ConnectFailure);
        }

        if (!replayable || !MaySendTwice(policy, request.Method))
        {
            return false;
        }

        return reply.Kind switch
        {
            FailureKind.None => IsRetryable(policy, reply.Response!) && !WasRetriedBelow(reply.Response!),
            FailureKind.Reset => policy.Conditions.HasFlag(RetryConditions.Reset),
            FailureKind.AttemptTimeout => policy.Conditions.HasFlag(RetryConditions.AttemptTimeout),
            _ => false,
        };
    }

    /// <summary>Whether a response is one that the policy retries; the happy path asks no more than this.</summary>
    public static bool IsRetryable(RetryPolicy policy, HttpResponseMessage response) =>
        (int)response.StatusCode >= 400 && policy.StatusCodes.Contains((int)response.StatusCode);

    /// <summary>Whether a request that may have arrived can be sent again (RFC 9110, 9.2.2), or the policy says so for all.</summary>
    public static bool MaySendTwice(RetryPolicy policy, HttpMethod method) => policy.NonIdempotent || IsIdempotent(method);

    /// <summary>Whether the content can be serialized once more without having been buffered.</summary>
    public static bool IsReplayable(HttpContent? content) =>
        content is null or ByteArrayContent or ReadOnlyMemoryContent or JsonContent;

    /// <summary>
    /// Whether the content serializes a sequence that may give its items only once: the second time it would send an empty one, and nobody would
    /// notice. Asked where a retry is due, because it looks at the type's interfaces.
    /// </summary>
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "An interface that was trimmed away is not what the serializer reads the value by.")]
    public static bool IsReadOnce(HttpContent? content) =>
        content is JsonContent { Value: { } value }
        && Array.Exists(value.GetType().GetInterfaces(), static i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>));

    /// <summary>For how long a reply asks to be left alone; <see cref="TimeSpan.Zero"/> where it does not ask.</summary>
    /// <param name="response">The reply.</param>
    /// <param name="utcNow">The time of day, for the header's form as a date.</param>
    public static TimeSpan RetryAfter(HttpResponseMessage response, DateTimeOffset utcNow)
    {
        RetryConditionHeaderValue? header = response.Headers.RetryAfter;
        TimeSpan wait = header?.Delta ?? (header?.Date - utcNow) ?? TimeSpan.Zero;
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    private static bool IsIdempotent(HttpMethod method) =>
        method == HttpMethod.Get || method == HttpMethod.Put || method == HttpMethod.Delete || method == HttpMethod.Head
        || method == HttpMethod.Options || method == HttpMethod.Trace;

    /// <summary>Whether the callee tried several times in vain, which is not multiplied here.</summary>
    public static bool WasRetriedBelow(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues(AttemptCountHeader, out HeaderStringValues values)
        && int.TryParse(values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out int attempts)
        && attempts > 1;
}
