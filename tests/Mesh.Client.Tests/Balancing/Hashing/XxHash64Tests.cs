using System.Text;
using Mesh.Client.Balancing.Hashing;

namespace Mesh.Client.Tests.Balancing.Hashing;

public sealed class XxHash64Tests
{
    private const ulong Prime32 = 2654435761;

    [Theory]
    [InlineData("", 0xEF46DB3751D8E999)]
    [InlineData("a", 0xD24EC4F1A98C6E5B)]
    [InlineData("abc", 0x44BC2CF5AD770999)]
    public void Hash_KnownTexts_GivesTheKnownHashes(string text, ulong hash)
    {
        Assert.Equal(hash, XxHash64.Hash(text));
        Assert.Equal(hash, XxHash64.Hash(Encoding.UTF8.GetBytes(text)));
    }

    // What the reference program, xxhsum, checks itself by: parts of one buffer, each with two seeds.
    [Theory]
    [InlineData(0, 0, 0xEF46DB3751D8E999)]
    [InlineData(0, Prime32, 0xAC75FDA2929B17EF)]
    [InlineData(1, 0, 0xE934A84ADB052768)]
    [InlineData(1, Prime32, 0x5014607643A9B4C3)]
    [InlineData(4, 0, 0x9136A0DCA57457EE)]
    [InlineData(14, 0, 0x8282DCC4994E35C8)]
    [InlineData(14, Prime32, 0xC3BD6BF63DEB6DF0)]
    [InlineData(222, 0, 0xB641AE8CB691C174)]
    [InlineData(222, Prime32, 0x20CB8AB7AE10C14A)]
    public void Hash_TheBufferOfTheReference_GivesItsHashes(int length, ulong seed, ulong hash)
    {
        byte[] buffer = new byte[length];
        ulong state = Prime32;
        for (int i = 0; i < length; i++)
        {
            buffer[i] = (byte)(state >> 56);
            state *= 11400714785074694797;
        }

        Assert.Equal(hash, XxHash64.Hash(buffer, seed));
    }

    [Theory]
    [InlineData("ü", 40)]
    [InlineData("€", 85)]
    [InlineData("x", 256)]
    [InlineData("x", 257)]
    [InlineData("𝒳", 5000)]
    [InlineData("\ud800", 3)]
    public void Hash_ATextOfAnyLength_IsThatOfItsBytes(string part, int times)
    {
        string text = string.Concat(Enumerable.Repeat(part, times));

        Assert.Equal(XxHash64.Hash(Encoding.UTF8.GetBytes(text), 7), XxHash64.Hash(text, 7));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(100_000)]
    public void Hash_OfAText_AllocatesNothing(int length)
    {
        string text = new('x', length);

        Assert.Equal(0, Allocated.Least(() => XxHash64.Hash(text)));
    }
}
