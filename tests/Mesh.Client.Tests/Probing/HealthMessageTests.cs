using System.Text;
using Mesh.Client.Probing;

namespace Mesh.Client.Tests.Probing;

public sealed class HealthMessageTests
{
    [Fact]
    public void Ask_OfTheWholeServer_IsAnEmptyMessage() => Assert.Equal(new byte[5], HealthMessage.Ask(""));

    [Fact]
    public void Ask_OfAService_IsItsNameInFieldOne() => Assert.Equal([0, 0, 0, 0, 5, 0x0a, 3, (byte)'a', (byte)'.', (byte)'B'], HealthMessage.Ask("a.B"));

    [Fact]
    public void Ask_OfALongName_HasALengthOfTwoBytes()
    {
        byte[] message = HealthMessage.Ask(new string('x', 200));

        Assert.Equal([0, 0, 0, 0, 203, 0x0a, 0xc8, 0x01], message[..8]);
        Assert.Equal(new string('x', 200), Encoding.UTF8.GetString(message[8..]));
    }

    [Theory]
    [InlineData("00 00000000", 0)]
    [InlineData("00 00000002 0801", 1)]
    [InlineData("00 00000002 0802", 2)]
    [InlineData("00 00000004 08010803", 3)]
    [InlineData("00 00000007 1203616263 0801", 1)]
    [InlineData("00 00000010 0801 190000000000000000 2500000000", 1)]
    [InlineData("00 00000003 088101", 129)]
    public void StatusOf_AReply_ReadsFieldOneAndPassesOthersOver(string hex, int status) => Assert.Equal(status, HealthMessage.StatusOf(Bytes(hex)));

    [Theory]
    [InlineData("")]
    [InlineData("00 000000")]
    [InlineData("01 00000002 0801")]
    [InlineData("00 00000003 0801")]
    [InlineData("00 00000002 080100")]
    [InlineData("00 ffffffff 0801")]
    [InlineData("00 00000001 08")]
    [InlineData("00 00000002 0880")]
    [InlineData("00 00000003 12ff01")]
    [InlineData("00 00000002 0b01")]
    [InlineData("00 0000000b 08ffffffffffffffffffff")]
    public void StatusOf_NoReply_IsNone(string hex) => Assert.Null(HealthMessage.StatusOf(Bytes(hex)));

    [Fact]
    public void StatusOf_AnyBytes_NeverThrows()
    {
        var random = new Random(11);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = new byte[5 + random.Next(20)];
            random.NextBytes(bytes);
            bytes.AsSpan(0, 4).Clear();
            bytes[4] = (byte)(bytes.Length - 5);
            HealthMessage.StatusOf(bytes);
        }
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
