namespace Mesh.IntegrationTests.Grpc.Support;

/// <summary>What a caller sets for one call.</summary>
internal sealed record GrpcCallOptions
{
    public static GrpcCallOptions None { get; } = new();

    /// <summary>Sent as <c>grpc-timeout</c>, and kept by the caller itself.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>Request headers; the value of a name with <c>-bin</c> is base64, see <see cref="GrpcMetadata"/>.</summary>
    public IReadOnlyList<(string Name, string Value)> Metadata { get; init; } = [];

    /// <summary>Whether a unary body writes nothing from its second serialization on.</summary>
    public bool SerializesOnce { get; init; }

    public CancellationToken CancellationToken { get; init; }
}
