using System.Text;
using Mesh.Agent.Listening;

namespace Mesh.Agent.Tests.Listening;

public sealed class RequestHeaderBytesTests
{
    [Theory]
    [InlineData("Content-Length")]
    [InlineData("content-length")]
    public void Of_TheLength_TakesDigitsOnly(string name)
    {
        Encoding encoding = RequestHeaderBytes.Of(name);
        char[] chars = new char[20];

        Assert.Equal("0012", chars.AsSpan(0, encoding.GetChars("0012"u8, chars)).ToString());
        foreach (string text in new[] { "", "+1", "-1", " 1", "1 ", "1\0", "1\v", "1,1", "0x1", "00000000000000000001", "\u00b2" })
        {
            Assert.Throws<InvalidOperationException>(() => encoding.GetChars(Encoding.Latin1.GetBytes(text), chars));
        }
    }

    [Theory]
    [InlineData("X-Own")]
    [InlineData("!#$%&'*+-.^_`|~09az")]
    [InlineData(":authority")]
    public void Of_AName_IsLatin1(string name) => Assert.Same(Encoding.Latin1, RequestHeaderBytes.Of(name));

    [Theory]
    [InlineData("x(")]
    [InlineData("x y")]
    [InlineData("x:y")]
    [InlineData("x\u00e9")]
    [InlineData("x\0")]
    public void Of_WhatIsNoName_Throws(string name) => Assert.Throws<InvalidOperationException>(() => RequestHeaderBytes.Of(name));
}
