using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Mesh.Client.Limits.Keys;

/// <summary>
/// SipHash-2-4 with 128 bits (J.-P. Aumasson, D. J. Bernstein, "SipHash: a fast short-input PRF", 2012), over values one after the other: each is preceded by its length and padded to
/// eight bytes, so that no two lists of values are the same input.
/// </summary>
internal ref struct KeyHasher
{
    private const ulong Absent = ulong.MaxValue;

    private ulong _v0;
    private ulong _v1;
    private ulong _v2;
    private ulong _v3;
    private ulong _length;
    private readonly IBufferWriter<byte>? _copy;

    /// <summary>Begins a hash.</summary>
    /// <param name="seed">The secret.</param>
    /// <param name="copy">Takes what is hashed too, where it is wanted.</param>
    public KeyHasher(KeySeed seed, IBufferWriter<byte>? copy = null)
    {
        _copy = copy;
        _v0 = seed.One ^ 0x736f6d6570736575;
        _v1 = seed.Two ^ 0x646f72616e646f6d ^ 0xee;
        _v2 = seed.One ^ 0x6c7967656e657261;
        _v3 = seed.Two ^ 0x7465646279746573;
    }

    /// <summary>Adds a text. An empty one is the same as none.</summary>
    public void Add(scoped ReadOnlySpan<char> text) => Add(MemoryMarshal.AsBytes(text));

    /// <summary>Adds bytes. None at all is the same as a value that is not there.</summary>
    public void Add(scoped ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            AddAbsent();
            return;
        }

        Word((ulong)bytes.Length);
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            Word(BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        if (!bytes.IsEmpty)
        {
            ulong last = 0;
            for (int i = bytes.Length - 1; i >= 0; i--)
            {
                last = (last << 8) | bytes[i];
            }

            Word(last);
        }
    }

    /// <summary>Adds that there is no value: all requests without one share a bucket.</summary>
    public void AddAbsent() => Word(Absent);

    /// <summary>Adds eight bytes as they are.</summary>
    public void Word(ulong word)
    {
        if (_copy is not null)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(_copy.GetSpan(sizeof(ulong)), word);
            _copy.Advance(sizeof(ulong));
        }

        _v3 ^= word;
        Round();
        Round();
        _v0 ^= word;
        _length += sizeof(ulong);
    }

    public KeyHash Finish()
    {
        Word(_length << 56);
        _v2 ^= 0xee;
        ulong low = Fold();
        _v1 ^= 0xdd;
        return new KeyHash(Fold(), low);
    }

    private ulong Fold()
    {
        Round();
        Round();
        Round();
        Round();
        return _v0 ^ _v1 ^ _v2 ^ _v3;
    }

    private void Round()
    {
        _v0 += _v1;
        _v2 += _v3;
        _v1 = BitOperations.RotateLeft(_v1, 13) ^ _v0;
        _v3 = BitOperations.RotateLeft(_v3, 16) ^ _v2;
        _v0 = BitOperations.RotateLeft(_v0, 32);
        _v2 += _v1;
        _v0 += _v3;
        _v1 = BitOperations.RotateLeft(_v1, 17) ^ _v2;
        _v3 = BitOperations.RotateLeft(_v3, 21) ^ _v0;
        _v2 = BitOperations.RotateLeft(_v2, 32);
    }
}
