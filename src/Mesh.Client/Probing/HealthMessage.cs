using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Mesh.Client.Probing;

/// <summary>
/// The two messages of <c>grpc.health.v1.Health</c> with their frames of five bytes (grpc/grpc-proto, grpc/health/v1/health.proto): one string there, one enum back.
/// A library for protocol buffers would be a dependency of every user for these few bytes.
/// </summary>
internal static class HealthMessage
{
    public const int Serving = 1;
    public const int ServiceUnknown = 3;

    /// <summary>What stands before a message.</summary>
    public const int Frame = 5;

    /// <summary>A reply is two bytes long after its frame; one with so many is none.</summary>
    public const int MaxReply = 1024;

    private const int ServiceTag = (1 << 3) | 2;
    private const int StatusField = 1;

    /// <summary>The request.</summary>
    /// <param name="service">Whose health is asked for; empty for the whole server.</param>
    public static byte[] Ask(string service)
    {
        byte[] name = Encoding.UTF8.GetBytes(service);
        List<byte> message = [];
        if (name.Length > 0)
        {
            message.Add(ServiceTag);
            uint length = (uint)name.Length;
            for (; length > 0x7f; length >>= 7)
            {
                message.Add((byte)(length | 0x80));
            }

            message.Add((byte)length);
            message.AddRange(name);
        }

        byte[] framed = new byte[Frame + message.Count];
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), message.Count);
        message.CopyTo(framed, Frame);
        return framed;
    }

    /// <summary>The status in a reply; <see langword="null"/> where it cannot be read. Fields that are not known are passed over.</summary>
    /// <param name="framed">All of the reply's body.</param>
    public static int? StatusOf(ReadOnlySpan<byte> framed)
    {
        if (framed.Length < Frame || framed[0] != 0 || BinaryPrimitives.ReadUInt32BigEndian(framed[1..]) != (uint)(framed.Length - Frame))
        {
            return null;
        }

        int status = 0;
        ReadOnlySpan<byte> rest = framed[Frame..];
        while (!rest.IsEmpty)
        {
            if (!TryRead(ref rest, out ulong tag) || !TryPass(ref rest, tag & 7, out ulong value))
            {
                return null;
            }

            status = tag == StatusField << 3 ? (int)value : status;
        }

        return status;
    }

    /// <summary>A status for a person.</summary>
    public static string NameOf(int status) => status switch
    {
        0 => "UNKNOWN",
        Serving => "SERVING",
        2 => "NOT_SERVING",
        ServiceUnknown => "SERVICE_UNKNOWN",
        _ => status.ToString(CultureInfo.InvariantCulture),
    };

    private static bool TryPass(ref ReadOnlySpan<byte> rest, ulong wireType, out ulong value)
    {
        value = 0;
        ulong length;
        switch (wireType)
        {
            case 0:
                return TryRead(ref rest, out value);
            case 1:
                length = 8;
                break;
            case 2 when TryRead(ref rest, out length):
                break;
            case 5:
                length = 4;
                break;
            default:
                return false;
        }

        if (length > (ulong)rest.Length)
        {
            return false;
        }

        rest = rest[(int)length..];
        return true;
    }

    // A varint: seven bits a byte, the lowest first, at most ten bytes.
    private static bool TryRead(ref ReadOnlySpan<byte> rest, out ulong value)
    {
        value = 0;
        for (int i = 0; i < Math.Min(rest.Length, 10); i++)
        {
            value |= (ulong)(rest[i] & 0x7f) << (7 * i);
            if (rest[i] < 0x80)
            {
                rest = rest[(i + 1)..];
                return true;
            }
        }

        return false;
    }
}
