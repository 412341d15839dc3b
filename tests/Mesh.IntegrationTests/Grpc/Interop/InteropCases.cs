namespace Mesh.IntegrationTests.Grpc.Interop;

/// <summary>The cases of gRPC's interop-test-descriptions against foreign servers: one after another, on servers that they share.</summary>
[CollectionDefinition]
public sealed class InteropCases : ICollectionFixture<InteropPeers>;
