namespace Mesh.IntegrationTests.Grpc.Support;

/// <summary>The whole of a call with one response.</summary>
internal sealed record GrpcReply<TResponse>(
    GrpcCode Code,
    string Detail,
    TResponse? Message,
    IReadOnlyDictionary<string, string> Headers,
    IReadOnlyDictionary<string, string> Trailers)
    where TResponse : class;
