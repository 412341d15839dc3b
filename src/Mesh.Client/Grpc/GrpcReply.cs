using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Mesh.Client.Grpc;

/// <summary>
/// Makes and reads replies that consist of a status alone. What the mesh itself decides on a gRPC call is such a reply: gRPC clients make Internal or Cancelled of
/// most exceptions.
/// </summary>
internal static class GrpcReply
{
    /// <summary>A reply that a gRPC client of any call type sees as exactly that status.</summary>
    /// <param name="request">The call.</param>
    /// <param name="status">The status.</param>
    /// <param name="message">For a person.</param>
    public static HttpResponseMessage Create(HttpRequestMessage request, GrpcStatusCode status, string message)
    {
        var content = new ByteArrayContent([]);
        content.Headers.ContentType = new MediaTypeHeaderValue(GrpcNames.MediaType);
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Version = HttpVersion.Version20, RequestMessage = request, Content = content };
        response.Headers.TryAddWithoutValidation(GrpcNames.Status, ((int)status).ToString(CultureInfo.InvariantCulture));
        response.Headers.TryAddWithoutValidation(GrpcNames.Message, GrpcMessageText.Encode(message));
        return response;
    }

    /// <summary>The status among headers or trailers; <see langword="null"/> where there is none. One that cannot be read, or that gRPC does not know, is <see cref="GrpcStatusCode.Unknown"/>.</summary>
    public static GrpcStatusCode? StatusOf(HttpResponseHeaders headers)
    {
        if (!headers.NonValidated.TryGetValues(GrpcNames.Status, out HeaderStringValues values))
        {
            return null;
        }

        return int.TryParse(values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= (int)GrpcStatusCode.Unauthenticated
            ? (GrpcStatusCode)number
            : GrpcStatusCode.Unknown;
    }

    /// <summary>The status that stands for an HTTP status without gRPC's own (grpc/grpc, doc/http-grpc-status-mapping.md).</summary>
    public static GrpcStatusCode OfHttp(HttpStatusCode status) => (int)status switch
    {
        400 => GrpcStatusCode.Internal,
        401 => GrpcStatusCode.Unauthenticated,
        403 => GrpcStatusCode.PermissionDenied,
        404 => GrpcStatusCode.Unimplemented,
        429 or 502 or 503 or 504 => GrpcStatusCode.Unavailable,
        _ => GrpcStatusCode.Unknown,
    };
}
