using Google.Protobuf;

namespace Mesh.IntegrationTests.Grpc.Support;

/// <summary>A method of a gRPC service.</summary>
/// <param name="Path">Its path, such as <c>/grpc.testing.TestService/UnaryCall</c>.</param>
/// <param name="Responses">Reads its responses.</param>
internal sealed record GrpcMethod<TRequest, TResponse>(string Path, MessageParser<TResponse> Responses)
    where TRequest : IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>;
