using System.Net.Http.Headers;

namespace Mesh.Client.Grpc;

/// <summary>Tells gRPC calls from all others.</summary>
internal static class GrpcRequest
{
    /// <summary>Whether a request is a gRPC call: by its content's type, which every gRPC client sends. gRPC-Web is none: its status stands in its body.</summary>
    public static bool Is(HttpRequestMessage request) =>
        request.Content is { } content
        && request.Method == HttpMethod.Post
        && content.Headers.NonValidated.TryGetValues("Content-Type", out HeaderStringValues values)
        && IsMediaType(values.ToString());

    /// <summary>Whether a content type is gRPC's, of whatever encoding of the messages.</summary>
    public static bool IsMediaType(ReadOnlySpan<char> contentType) =>
        contentType.StartsWith(GrpcNames.MediaType, StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == GrpcNames.MediaType.Length || contentType[GrpcNames.MediaType.Length] is '+' or ';' or ' ');
}
