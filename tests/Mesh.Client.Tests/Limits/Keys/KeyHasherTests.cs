using System.Buffers.Binary;
using System.Globalization;
using Mesh.Client.Limits.Keys;

namespace Mesh.Client.Tests.Limits.Keys;

public sealed class KeyHasherTests
{
    private static readonly KeySeed Seed = new(0x0706050403020100, 0x0f0e0d0c0b0a0908);

    // Published with the reference program: the hash of the bytes 0, 1, 2 … under the key 00 01 … 0f.
    [Theory]
    [InlineData(0, "a3817f04ba25a8e66df67214c7550293")]
    [InlineData(8, "3b62a9ba6258f5610f83e264f31497b4")]
    [InlineData(16, "6ee2a4ca67b054bbfd3315bf85230577")]
    [InlineData(24, "2db479ae78bd50d8882a8a178a6132ad")]
    [InlineData(32, "7c3956ca5eeafc3e363e9d556546eb68")]
    public void Finish_BytesOfTheReference_IsItsHash(int length, string hash)
    {
        var hasher = new KeyHasher(Seed);
        byte[] bytes = [.. Enumerable.Range(0, length).Select(static i => (byte)i)];
        for (int i = 0; i < length; i += 8)
        {
            hasher.Word(BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(i)));
        }

        KeyHash result = hasher.Finish();

        Span<byte> output = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(output, result.Low);
        BinaryPrimitives.WriteUInt64LittleEndian(output[8..], result.High);
        Assert.Equal(hash, Convert.ToHexStringLower(output));
    }

    [Fact]
    public void Add_OtherCutsOfTheSameText_AreOtherKeys()
    {
        string[][] lists = [["ab", "c"], ["a", "bc"], ["abc"], ["abc", ""], ["", "abc"], ["abc\0"], ["", ""], [""], []];

        Assert.Equal(lists.Length, lists.Select(static l => Hash(Seed, l)).Distinct().Count());
    }

    [Fact]
    public void Add_AnotherSeed_IsAnotherKey() => Assert.NotEqual(Hash(Seed, ["a"]), Hash(Seed with { Two = 1 }, ["a"]));

    [Fact]
    public void Add_VeryLongValue_IsHashedWhole()
    {
        string text = new('x', 65_536);
        Hash(Seed, [text]);
        long before = GC.GetAllocatedBytesForCurrentThread();

        KeyHash one = Hash(Seed, text, "a");
        KeyHash two = Hash(Seed, text, "b");

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.NotEqual(one, two);
        Assert.NotEqual(Hash(Seed, [text]), Hash(Seed, [text[..^1] + "y"]));
    }

    [Fact]
    public void Hash_OfManyKeys_SpreadsOverBothHalves()
    {
        KeyHash[] hashes = [.. Enumerable.Range(0, 10_000).Select(static i => Hash(Seed, [i.ToString(CultureInfo.InvariantCulture)]))];

        Assert.All(hashes.CountBy(static h => h.High % 16).Concat(hashes.CountBy(static h => h.Low % 16)), static c => Assert.InRange(c.Value, 500, 750));
    }

    private static KeyHash Hash(KeySeed seed, params ReadOnlySpan<string> texts)
    {
        var hasher = new KeyHasher(seed);
        foreach (string text in texts)
        {
            hasher.Add(text);
        }

        return hasher.Finish();
    }
}
