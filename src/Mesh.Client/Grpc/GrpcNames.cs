namespace Mesh.Client.Grpc;

/// <summary>The names of gRPC on the wire (grpc/grpc, doc/PROTOCOL-HTTP2.md; retry headers: gRPC proposal A6).</summary>
internal static class GrpcNames
{
    public const string MediaType = "application/grpc";

    public const string Status = "grpc-status";

    public const string Message = "grpc-message";

    public const string Timeout = "grpc-timeout";

    /// <summary>How many attempts came before this one.</summary>
    public const string PreviousAttempts = "grpc-previous-rpc-attempts";

    /// <summary>After how many milliseconds the server wants to be asked again; a negative number is never.</summary>
    public const string RetryPushback = "grpc-retry-pushback-ms";
}
