namespace Mesh.Client.AspNetCore.Tests.Draining;

/// <summary>A frame of HTTP/2 as it came (RFC 9113, section 4.1).</summary>
internal sealed record WireFrame(byte Type, byte Flags, int Stream, byte[] Payload)
{
    public const byte Data = 0;
    public const byte Headers = 1;
    public const byte Settings = 4;
    public const byte GoAway = 7;

    public bool IsGoAway => Type == GoAway;

    public bool EndsStream => Type is Data or Headers && (Flags & 1) != 0;
}
