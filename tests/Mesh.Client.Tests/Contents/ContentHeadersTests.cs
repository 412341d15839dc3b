using Mesh.Client.Contents;

namespace Mesh.Client.Tests.Contents;

public sealed class ContentHeadersTests
{
    [Fact]
    public void AreShared_OnThisRuntime_IsTrue() => Assert.True(ContentHeaders.AreShared, "HttpContent has no field _headers any more: headers are copied, and a call costs more.");

    [Fact]
    public void Share_Headers_AreTheOthers()
    {
        using var inner = new StringContent("x");
        using var outer = new ByteArrayContent([]);

        ContentHeaders.Share(inner, outer);

        Assert.Same(inner.Headers, outer.Headers);
    }

    [Fact]
    public async Task Part_Headers_AreEqualButItsOwn()
    {
        using var inner = new StreamContent(new UnseekableStream());
        inner.Headers.TryAddWithoutValidation("Content-Language", ["en", "de"]);
        inner.Headers.TryAddWithoutValidation("X-Odd", "\"not well formed");
        using var outer = new StringContent("four");
        outer.Headers.Clear();
        ContentHeaders.Share(inner, outer);
        Assert.Null(outer.Headers.ContentLength);

        ContentHeaders.Part(inner, outer);
        await outer.LoadIntoBufferAsync(TestContext.Current.CancellationToken);

        Assert.NotSame(inner.Headers, outer.Headers);
        Assert.Equal(4, outer.Headers.ContentLength);
        Assert.Equal(["en", "de"], outer.Headers.ContentLanguage);
        Assert.Equal("\"not well formed", outer.Headers.NonValidated["X-Odd"].ToString());
    }

    private sealed class UnseekableStream : MemoryStream
    {
        public override bool CanSeek => false;
    }
}
