using System.Text.Json;
using Mesh.IntegrationTests.Grpc.Support;

namespace Mesh.IntegrationTests.Grpc.Peers;

/// <summary>What a foreign client saw of a call.</summary>
/// <param name="Id">Which call.</param>
/// <param name="Status">Its status.</param>
/// <param name="Message">The status's message.</param>
/// <param name="Headers">The headers; values of <c>-bin</c> as base64.</param>
/// <param name="Trailers">The trailers, or what a trailers-only reply has; some clients add more of the response's headers to them.</param>
/// <param name="Messages">The responses; field names as in the proto files, bytes as base64.</param>
internal sealed record PeerReply(
    int Id,
    GrpcCode Status,
    string Message,
    IReadOnlyDictionary<string, string> Headers,
    IReadOnlyDictionary<string, string> Trailers,
    JsonElement[] Messages);
