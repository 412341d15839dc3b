using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Mesh.IntegrationTests.Grpc.Support;

/// <summary>How a call ended, read from a reply as gRPC's "HTTP to gRPC status code mapping" and "gRPC over HTTP2" say, from an exception as Grpc.Net.Client does.</summary>
internal readonly record struct GrpcStatus(GrpcCode Code, string Detail)
{
    public const string StatusHeader = "grpc-status";
    public const string MessageHeader = "grpc-message";

    /// <summary>Reads the status out of headers or trailers.</summary>
    /// <returns>The status; <see langword="null"/> if there is none.</returns>
    public static GrpcStatus? Read(HttpHeaders headers)
    {
        if (!headers.NonValidated.TryGetValues(StatusHeader, out HeaderStringValues values))
        {
            return null;
        }

        string text = values.ToString();
        string detail = headers.NonValidated.TryGetValues(MessageHeader, out HeaderStringValues message) ? Uri.UnescapeDataString(message.ToString()) : "";
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int code)
            ? new(code <= (int)GrpcCode.Unauthenticated ? (GrpcCode)code : GrpcCode.Unknown, detail)
            : new(GrpcCode.Unknown, $"grpc-status is '{text}'");
    }

    /// <summary>The status that the headers of a response decide; <see langword="null"/> if the call goes on.</summary>
    public static GrpcStatus? OfHeaders(HttpResponseMessage response)
    {
        string? contentType = response.Content.Headers.NonValidated.TryGetValues("Content-Type", out HeaderStringValues values) ? values.ToString() : null;
        return Read(response.Headers) is { } status ? status
            : response.Version < HttpVersion.Version20 ? new(GrpcCode.Internal, $"downgraded to HTTP/{response.Version}")
            : response.StatusCode is not HttpStatusCode.OK ? new(OfHttp(response.StatusCode), $"HTTP status {(int)response.StatusCode}")
            : contentType?.StartsWith("application/grpc", StringComparison.Ordinal) != true ? new(GrpcCode.Unknown, $"content-type is '{contentType}'")
            : null;
    }

    /// <summary>The status at the end of a response's body.</summary>
    public static GrpcStatus OfTrailers(HttpResponseMessage response) =>
        Read(response.TrailingHeaders) ?? new(OfHttp(response.StatusCode), "the trailers have no grpc-status");

    /// <summary>The status of a call whose transport threw.</summary>
    public static GrpcStatus OfException(Exception error)
    {
        bool isInput = false;
        for (Exception? inner = error; inner is not null; inner = inner.InnerException)
        {
            if (inner is HttpProtocolException protocol && OfReset(protocol.ErrorCode) is { } code)
            {
                return new(code, error.Message);
            }

            isInput |= inner is IOException or SocketException;
        }

        return error is OperationCanceledException ? new(GrpcCode.Cancelled, "") : new(isInput ? GrpcCode.Unavailable : GrpcCode.Internal, error.Message);
    }

    private static GrpcCode OfHttp(HttpStatusCode status) => status switch
    {
        HttpStatusCode.BadRequest => GrpcCode.Internal,
        HttpStatusCode.Unauthorized => GrpcCode.Unauthenticated,
        HttpStatusCode.Forbidden => GrpcCode.PermissionDenied,
        HttpStatusCode.NotFound => GrpcCode.Unimplemented,
        HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => GrpcCode.Unavailable,
        _ => GrpcCode.Unknown,
    };

    // HTTP/2's error codes: RFC 9113, 7.
    private static GrpcCode? OfReset(long code) => code switch
    {
        0 or 1 or 2 or 3 or 4 or 6 or 9 or 10 => GrpcCode.Internal,
        7 => GrpcCode.Unavailable,
        8 => GrpcCode.Cancelled,
        11 => GrpcCode.ResourceExhausted,
        12 => GrpcCode.PermissionDenied,
        _ => null,
    };
}
