using FsCheck;
using FsCheck.Fluent;
using Mesh.Client.Grpc;
using Mesh.Client.Tests.AnyInput;

namespace Mesh.Client.Tests.Grpc;

public sealed class GrpcMessageTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("no endpoint", "no endpoint")]
    [InlineData("100 %", "100 %25")]
    [InlineData("a\r\nb", "a%0D%0Ab")]
    [InlineData("\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n", "%09%0Atest with whitespace%0D%0Aand Unicode BMP %E2%98%BA and non-BMP %F0%9F%98%88%09%0A")]
    [InlineData("\u007f", "%7F")]
    public void Encode_Message_IsPercentEncoded(string message, string encoded) => Assert.Equal(encoded, GrpcMessageText.Encode(message));

    [Fact]
    public void Encode_HalfACharacter_IsReplaced() => Assert.Equal("a%EF%BF%BDb", GrpcMessageText.Encode("a\ud800b"));

    [Fact]
    public void Encode_LongMessage_IsCutBetweenCharacters() => Assert.Equal(new string('a', 1023), GrpcMessageText.Encode(new string('a', 1023) + "😈" + new string('b', 5000)));

    [Fact]
    public void Encode_AnyMessage_DecodesToIt() => ForAny.Check(ArbMap.Default.ArbFor<NonNull<string>>().Filter(static s => s.Get.Length <= 1000 && !s.Get.Any(char.IsSurrogate)), static message =>
    {
        string encoded = GrpcMessageText.Encode(message.Get);
        Assert.All(encoded, static c => Assert.InRange(c, ' ', '~'));
        Assert.Equal(message.Get, Uri.UnescapeDataString(encoded));
    });
}
