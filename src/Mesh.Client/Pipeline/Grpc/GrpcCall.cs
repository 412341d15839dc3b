using Mesh.Client.Grpc;
using Mesh.Client.Retries.Grpc;
using Mesh.Client.Services;

namespace Mesh.Client.Pipeline.Grpc;

/// <summary>What a gRPC call has before and after the steps of every call.</summary>
internal static class GrpcCall
{
    /// <summary>Takes over the caller's deadline, and wraps the messages so that they can be sent again.</summary>
    /// <param name="call">The call.</param>
    /// <param name="engine">The engine.</param>
    /// <returns>The reply to a call whose time was over before; otherwise <see langword="null"/>.</returns>
    public static HttpResponseMessage? TryPrepare(ref Call call, MeshEngine engine)
    {
        HttpRequestMessage request = call.Request;
        TimeSpan? timeout = GrpcTimeoutText.Of(request);
        if (timeout is not null || call.Caller.InheritedDeadline is not null)
        {
            long now = engine.Clock.GetTimestamp();
            if (call.Caller.InheritedDeadline is { } inherited && new CallLimits(default, default, inherited).Left(now, engine.Clock.TimestampFrequency) is { } left && !(left > timeout))
            {
                timeout = left;
                GrpcAttempt.Mark(request, GrpcAttempt.Before(request), left);
            }

            if (timeout is { } time)
            {
                if (time <= TimeSpan.Zero)
                {
                    return GrpcReply.Create(request, GrpcStatusCode.DeadlineExceeded, $"The deadline of the call to service \"{call.Service.Name}\" was over before it was sent.");
                }

                call = call with { Caller = call.Caller.Within(time, now + engine.Ticks(time)) };
            }
        }

        if (request.Content is not GrpcContent)
        {
            request.Content = new GrpcContent(request.Content!, call.Snapshot.Policy.Retry.MaxBufferedBody);
        }

        call = call with { IsGrpc = true };
        return null;
    }

    /// <summary>Whether an answer is one that the policy retries. That its messages are tracked says that it has no status yet, and spares looking.</summary>
    public static bool IsRetryable(in Call call, HttpResponseMessage answer) =>
        !(answer.Content is GrpcTrackedContent && (int)answer.StatusCode < 400) && GrpcRetryRules.IsRetryable(call.Snapshot.Policy.Retry, answer);

    /// <summary>Counts an answer, and says so where it is the last word on a failure.</summary>
    public static HttpResponseMessage Conclude(in Call call, HttpResponseMessage answer)
    {
        if (IsRetryable(call, answer))
        {
            GrpcVerdict.ForbidRetry(answer);
        }
        else
        {
            call.Service.Throttle.OnSuccess(call.Snapshot.Policy.Retry);
        }

        return answer;
    }

    /// <summary>There will be no further attempt.</summary>
    public static void End(in Call call) => (call.Request.Content as GrpcContent)?.Forget();
}
