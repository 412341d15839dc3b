using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text.Unicode;

namespace Mesh.Client.Balancing.Hashing;

/// <summary>
/// XXH64 by Y. Collet (xxHash specification 0.1.1): what Envoy places hosts and keys by. Not for secrets: whoever chooses the input can choose the hash.
/// </summary>
internal static class XxHash64
{
    private const int StackBytes = 256;
    private const int MaxBytesOfChar = 3;

    private const ulong Prime1 = 0x9E3779B185EBCA87;
    private const ulong Prime2 = 0xC2B2AE3D27D4EB4F;
    private const ulong Prime3 = 0x165667B19E3779F9;
    private const ulong Prime4 = 0x85EBCA77C2B2AE63;
    private const ulong Prime5 = 0x27D4EB2F165667C5;

    /// <summary>Hashes a text by its UTF-8 bytes.</summary>
    public static ulong Hash(ReadOnlySpan<char> text, ulong seed = 0)
    {
        Span<byte> bytes = stackalloc byte[StackBytes];
        return Utf8.FromUtf16(text, bytes, out _, out int written) is OperationStatus.Done ? Hash(bytes[..written], seed) : HashLong(text, seed);
    }

    /// <summary>Hashes bytes.</summary>
    public static ulong Hash(ReadOnlySpan<byte> bytes, ulong seed = 0)
    {
        ulong length = (ulong)bytes.Length;
        ulong hash = bytes.Length < 32 ? seed + Prime5 : Stripes(ref bytes, seed);
        hash += length;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            hash = (BitOperations.RotateLeft(hash ^ Round(0, BinaryPrimitives.ReadUInt64LittleEndian(bytes)), 27) * Prime1) + Prime4;
        }

        if (bytes.Length >= 4)
        {
            hash = (BitOperations.RotateLeft(hash ^ (BinaryPrimitives.ReadUInt32LittleEndian(bytes) * Prime1), 23) * Prime2) + Prime3;
            bytes = bytes[4..];
        }

        foreach (byte b in bytes)
        {
            hash = BitOperations.RotateLeft(hash ^ (b * Prime5), 11) * Prime1;
        }

        hash = (hash ^ (hash >> 33)) * Prime2;
        hash = (hash ^ (hash >> 29)) * Prime3;
        return hash ^ (hash >> 32);
    }

    private static ulong HashLong(ReadOnlySpan<char> text, ulong seed)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(MaxBytesOfChar * text.Length);
        Utf8.FromUtf16(text, rented, out _, out int written);
        ulong hash = Hash(rented.AsSpan(0, written), seed);
        ArrayPool<byte>.Shared.Return(rented);
        return hash;
    }

    private static ulong Stripes(ref ReadOnlySpan<byte> bytes, ulong seed)
    {
        ulong one = seed + Prime1 + Prime2;
        ulong two = seed + Prime2;
        ulong three = seed;
        ulong four = seed - Prime1;
        for (; bytes.Length >= 32; bytes = bytes[32..])
        {
            one = Round(one, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            two = Round(two, BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));
            three = Round(three, BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]));
            four = Round(four, BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]));
        }

        ulong hash = BitOperations.RotateLeft(one, 1) + BitOperations.RotateLeft(two, 7) + BitOperations.RotateLeft(three, 12) + BitOperations.RotateLeft(four, 18);
        hash = Merge(hash, one);
        hash = Merge(hash, two);
        hash = Merge(hash, three);
        return Merge(hash, four);
    }

    private static ulong Round(ulong sum, ulong input) => BitOperations.RotateLeft(sum + (input * Prime2), 31) * Prime1;

    private static ulong Merge(ulong hash, ulong sum) => ((hash ^ Round(0, sum)) * Prime1) + Prime4;
}
