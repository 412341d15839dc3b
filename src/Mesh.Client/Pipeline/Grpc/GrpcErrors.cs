using Mesh.Client.Grpc;

namespace Mesh.Client.Pipeline.Grpc;

/// <summary>Makes replies of what ended a gRPC call without one: gRPC clients take most exceptions for Internal or Cancelled.</summary>
internal static class GrpcErrors
{
    /// <summary>The same for a call; <see langword="null"/> too where whoever led it to endpoints that are gone leads it anew.</summary>
    public static HttpResponseMessage? TryReply(in Call call, Exception error) =>
        call.MayBeLedAnew && error is MeshException { IsUnsent: true } ? null : TryReply(call.Request, error, call.CancellationToken);

    /// <summary>The reply; <see langword="null"/> for what must stay an exception: the caller's own cancellation, and faults of code of the caller's.</summary>
    public static HttpResponseMessage? TryReply(HttpRequestMessage request, Exception error, CancellationToken caller)
    {
        if (caller.IsCancellationRequested)
        {
            return null;
        }

        bool wasRefused = request.Content is GrpcContent { WasRefused: true };
        GrpcStatusCode? status = error switch
        {
            _ when wasRefused => GrpcStatusCode.Unavailable,
            MeshException mesh => Of(mesh.Error),
            HttpRequestException { HttpRequestError: HttpRequestError.Unknown, InnerException: { } inner } when !Retries.TransportFailure.IsOfConnection(inner) && inner is not IOException => null,
            _ when Retries.TransportFailure.IsTooLong(error) => GrpcStatusCode.Internal,
            HttpRequestException transport => GrpcVerdict.Of(transport),
            IOException or TimeoutException => GrpcStatusCode.Unavailable,

            // The handler's own ConnectTimeout: nobody's token was cancelled.
            OperationCanceledException { InnerException: TimeoutException } => GrpcStatusCode.Unavailable,
            _ => null,
        };
        if (status is null)
        {
            return null;
        }

        HttpResponseMessage reply = GrpcReply.Create(request, status.Value, error.Message);
        GrpcVerdict.ForbidRetry(reply);
        return reply;
    }

    private static GrpcStatusCode Of(MeshError error) => error switch
    {
        MeshError.AttemptTimeout or MeshError.Timeout => GrpcStatusCode.DeadlineExceeded,
        MeshError.RateLimited or MeshError.ConcurrencyLimited => GrpcStatusCode.ResourceExhausted,
        _ => GrpcStatusCode.Unavailable,
    };
}
