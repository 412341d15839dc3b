using System.Globalization;
using System.Net.Http.Headers;
using Mesh.Client.Model;

namespace Mesh.Client.Grpc;

/// <summary>Reads what a reply says of its endpoint, and of being asked again.</summary>
internal static class GrpcVerdict
{
    /// <summary>What a status says of the endpoint that gave it.</summary>
    public static Outcome Of(GrpcStatusCode status) => status switch
    {
        GrpcStatusCode.Unavailable or GrpcStatusCode.Internal or GrpcStatusCode.Unknown or GrpcStatusCode.DataLoss => Outcome.Failure,
        GrpcStatusCode.ResourceExhausted => Outcome.Overloaded,

        // The caller's own deadline and the caller's own cancellation, seen from the other side.
        GrpcStatusCode.DeadlineExceeded or GrpcStatusCode.Cancelled => Outcome.Ignored,
        _ => Outcome.Success,
    };

    /// <summary>What a status that came alone says of the endpoint: nothing, where the share of whoever called was used up.</summary>
    public static Outcome OfAlone(GrpcStatusCode status, HttpResponseMessage response) =>
        status is GrpcStatusCode.ResourceExhausted && UsedUpShare.IsToldBy(response) ? Outcome.Ignored : Of(status);

    /// <summary>The status of a reply whose body has ended; a reply without one is judged by the HTTP status.</summary>
    public static GrpcStatusCode AtTheEnd(HttpResponseMessage response) =>
        GrpcReply.StatusOf(response.TrailingHeaders) ?? GrpcReply.StatusOf(response.Headers) ?? GrpcReply.OfHttp(response.StatusCode);

    /// <summary>Whether the endpoint lets the call be sent again, and if it says so, when (gRPC proposal A6: what cannot be read is no).</summary>
    /// <param name="response">A reply of a status alone.</param>
    /// <param name="wait">The wait that it asks for; <see langword="null"/> where it leaves that to the caller.</param>
    public static bool AllowsRetry(HttpResponseMessage response, out TimeSpan? wait)
    {
        wait = null;
        if (!response.Headers.NonValidated.TryGetValues(GrpcNames.RetryPushback, out HeaderStringValues values))
        {
            return true;
        }

        bool isWait = int.TryParse(values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out int milliseconds);
        wait = isWait ? TimeSpan.FromMilliseconds(milliseconds) : null;
        return isWait;
    }

    /// <summary>Tells those above not to send the call again: this was the last word.</summary>
    public static void ForbidRetry(HttpResponseMessage response)
    {
        response.Headers.Remove(GrpcNames.RetryPushback);
        response.Headers.TryAddWithoutValidation(GrpcNames.RetryPushback, "-1");
    }

    /// <summary>The status that a failure of the connection stands for (grpc/grpc, doc/PROTOCOL-HTTP2.md, "HTTP2 Transport Mapping", Errors).</summary>
    public static GrpcStatusCode Of(HttpRequestException error) => error switch
    {
        { HttpRequestError: HttpRequestError.VersionNegotiationError or HttpRequestError.ConfigurationLimitExceeded } => GrpcStatusCode.Internal,
        { InnerException: HttpProtocolException protocol } => protocol.ErrorCode switch
        {
            0x7 => GrpcStatusCode.Unavailable,
            0x8 => GrpcStatusCode.Cancelled,
            0xb => GrpcStatusCode.ResourceExhausted,
            0xc => GrpcStatusCode.PermissionDenied,
            0x0 => GrpcStatusCode.Unavailable,
            _ => GrpcStatusCode.Internal,
        },
        _ => GrpcStatusCode.Unavailable,
    };
}
