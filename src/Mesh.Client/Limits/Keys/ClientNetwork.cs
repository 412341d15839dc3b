using System.Net;
using System.Net.Sockets;
using Mesh.Client.Model;

namespace Mesh.Client.Limits.Keys;

/// <summary>The network that stands for a client: its address without the bits that it can choose by itself.</summary>
internal static class ClientNetwork
{
    private const int MaxBytes = 16;
    private const int MappedPrefix = 12;

    /// <summary>Adds the network of an address. An IPv4 address mapped into IPv6 counts as the IPv4 one; an interface's scope counts not at all.</summary>
    public static void Add(IPAddress? address, LimitKeyPart part, ref KeyHasher hasher)
    {
        Span<byte> bytes = stackalloc byte[MaxBytes];
        if (address is null || !address.TryWriteBytes(bytes, out int length))
        {
            hasher.AddAbsent();
            return;
        }

        bytes = address.IsIPv4MappedToIPv6 ? bytes[MappedPrefix..] : bytes[..length];
        bool isV4 = address.AddressFamily is AddressFamily.InterNetwork || address.IsIPv4MappedToIPv6;
        Mask(bytes, isV4 ? part.Prefix4 : part.Prefix6);
        hasher.Add(bytes);
    }

    private static void Mask(Span<byte> bytes, int prefix)
    {
        int whole = prefix / 8;
        if (whole < bytes.Length)
        {
            bytes[whole] &= (byte)(0xff00 >> (prefix % 8));
            bytes[(whole + 1)..].Clear();
        }
    }
}
