using Google.Protobuf;
using Mesh.IntegrationTests.Grpc.Messages;

namespace Mesh.IntegrationTests.Grpc.Support;

/// <summary>Payloads as the interop cases ask for them.</summary>
internal static class InteropPayload
{
    public static Payload Zeros(int size) => new() { Body = ByteString.CopyFrom(new byte[size]) };
}
