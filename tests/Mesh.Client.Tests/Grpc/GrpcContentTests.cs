using Mesh.Client.Grpc;
using Mesh.Client.Tests.Pipeline;

namespace Mesh.Client.Tests.Grpc;

public sealed class GrpcContentTests
{
    [Fact]
    public async Task CopyTo_MessageWhoseWireBreaks_CanBeSentAgainWhole()
    {
        using var content = new GrpcContent(Pushed(static async stream =>
        {
            await stream.WriteAsync(new byte[] { 1, 2 });
            await stream.WriteAsync(new byte[] { 3 });
        }), 100);

        await Assert.ThrowsAnyAsync<Exception>(() => content.CopyToAsync(new BrokenSink(new IOException("gone")), TestContext.Current.CancellationToken));

        Assert.True(content.CanBeRepeated);
        Assert.Equal([1, 2, 3], await content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public async Task CopyTo_MessageOfThisLength_IsKeptWithinTheLimit(int length, bool kept)
    {
        using var content = new GrpcContent(Pushed(async stream =>
        {
            for (int i = 0; i < length; i++)
            {
                await stream.WriteAsync(new byte[] { (byte)i });
            }
        }), 100);
        using var first = new MemoryStream();
        await content.CopyToAsync(first, TestContext.Current.CancellationToken);

        Assert.Equal(length, first.Length);
        Assert.Equal(kept, content.CanBeSent);
        if (!kept)
        {
            Exception error = await Assert.ThrowsAnyAsync<Exception>(() => content.CopyToAsync(new MemoryStream(), TestContext.Current.CancellationToken));
            Assert.Contains("MaxBufferedBody", error.GetBaseException().Message, StringComparison.Ordinal);
            Assert.True(content.WasRefused);
        }
    }

    [Fact]
    public async Task Forget_AfterTheReply_LetsGoOfTheMessage()
    {
        using var content = new GrpcContent(new UnaryContent([1]), 100);
        await content.CopyToAsync(new MemoryStream(), TestContext.Current.CancellationToken);

        content.Forget();

        Assert.False(content.CanBeSent);
    }

    [Fact]
    public async Task CopyTo_Stream_FailsTheSecondTimeAtOnce()
    {
        var messages = new StreamContentOfMessages();
        messages.End();
        using var content = new GrpcContent(messages, 100);
        Assert.True(content.CanBeSent);
        await content.CopyToAsync(new MemoryStream(), TestContext.Current.CancellationToken);

        Assert.False(content.CanBeSent);
        await Assert.ThrowsAnyAsync<Exception>(() => content.CopyToAsync(new MemoryStream(), TestContext.Current.CancellationToken));
        Assert.Equal(1, messages.Writes);
    }

    private static PushContent Pushed(Func<Stream, Task> write)
    {
        var content = new PushContent(write);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/grpc");
        return content;
    }
}
