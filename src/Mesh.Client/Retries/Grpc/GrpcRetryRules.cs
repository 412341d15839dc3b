using Mesh.Client.Grpc;
using Mesh.Client.Model;

namespace Mesh.Client.Retries.Grpc;

/// <summary>
/// Whether a reply to a gRPC call asks for another attempt. A method of gRPC does not say whether it may run twice, so that only what surely did not run is sent again by
/// itself, and a status that came alone, without a message before it; the rest where <c>Retry:NonIdempotent</c> says so.
/// </summary>
internal static class GrpcRetryRules
{
    /// <summary>Whether the reply is one that the policy retries.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="reply">The reply.</param>
    /// <param name="content">The call's messages.</param>
    public static bool IsRetryable(RetryPolicy policy, in AttemptReply reply, GrpcContent content) => content.CanBeSent && reply.Kind switch
    {
        FailureKind.None => IsRetryable(policy, reply.Response!) && GrpcVerdict.AllowsRetry(reply.Response!, out _) && !RetryRules.WasRetriedBelow(reply.Response!),
        FailureKind.ConnectFailure => policy.Conditions.HasFlag(RetryConditions.ConnectFailure),
        FailureKind.Refused => policy.Conditions.HasFlag(RetryConditions.RefusedStream),
        FailureKind.Reset => policy.NonIdempotent && policy.Conditions.HasFlag(RetryConditions.Reset),
        FailureKind.AttemptTimeout => policy.NonIdempotent && policy.Conditions.HasFlag(RetryConditions.AttemptTimeout),
        _ => false,
    };

    /// <summary>Whether a response is one that the policy retries, by its status alone.</summary>
    public static bool IsRetryable(RetryPolicy policy, HttpResponseMessage response) => GrpcReply.StatusOf(response.Headers) is { } status
        ? (policy.GrpcStatuses & (1 << (int)status)) != 0
        : policy.NonIdempotent && RetryRules.IsRetryable(policy, response);
}
