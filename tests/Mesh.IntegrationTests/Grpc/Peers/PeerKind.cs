namespace Mesh.IntegrationTests.Grpc.Peers;

/// <summary>Whose gRPC a peer speaks.</summary>
public enum PeerKind
{
    /// <summary>@grpc/grpc-js.</summary>
    Node,

    /// <summary>Debian's grpcio, which is gRPC's C core.</summary>
    Python,
}
