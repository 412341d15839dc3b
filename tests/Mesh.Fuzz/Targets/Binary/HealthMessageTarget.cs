using Mesh.Client.Probing;
using Mesh.Fuzz.Mutations;

namespace Mesh.Fuzz.Targets.Binary;

/// <summary>The reply of a gRPC health check, as it is and as the message of a sound frame.</summary>
internal sealed class HealthMessageTarget : IFuzzTarget
{
    public string Name => "health-message";

    public Grammar Grammar { get; } = new() { Tokens = ["\u0008\u0001", "\0\0\0\0\u0002", "\u0012\u0003abc", "\u0008", "\u0015", "\u0011"], MaxLength = 1024 };

    public int Run(byte[] input)
    {
        int? bare = HealthMessage.StatusOf(input);
        byte[] framed = [0, 0, 0, (byte)(input.Length >> 8), (byte)input.Length, .. input];
        int? status = HealthMessage.StatusOf(framed);
        return (bare is null ? 0 : 1) | (status is null ? 0 : 2 | (Math.Clamp(status.Value, -1, 5) + 1) << 2);
    }
}
