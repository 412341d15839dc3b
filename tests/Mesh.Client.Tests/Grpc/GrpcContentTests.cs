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

    [Fact]
    public async Task Settled_MessageOnItsWay_EndsWithTheWriting()
    {
        var hold = new TaskCompletionSource();
        using var content = new GrpcContent(Pushed(async stream =>
        {
            await stream.WriteAsync(new byte[] { 1 });
            await hold.Task;
        }), 100);
        Assert.True(content.SettledAsync().IsCompleted);
        Task writing = content.CopyToAsync(new MemoryStream(), TestContext.Current.CancellationToken);
        Task settled = content.SettledAsync();
        var second = new MemoryStream();
        Task again = content.CopyToAsync(second, TestContext.Current.CancellationToken);
        Assert.Equal((false, false, false), (settled.IsCompleted, again.IsCompleted, content.CanBeSent));

        hold.SetResult();
        await Task.WhenAll(writing, settled, again);

        Assert.True(content.CanBeSent);
        Assert.Equal([1], second.ToArray());
    }

    [Fact]
    public async Task Settled_Stream_IsAtOnce()
    {
        var messages = new StreamContentOfMessages();
        using var content = new GrpcContent(messages, 100);
        Task writing = content.CopyToAsync(new MemoryStream(), TestContext.Current.CancellationToken);
        await messages.Open;

        Assert.True(content.SettledAsync().IsCompleted);

        messages.End();
        await writing;
    }

    [Fact]
    public async Task CopyTo_MessageWrittenAtOnce_LeavesInOnePieceAndIsOutWhenTheWireSaysSo()
    {
        using var content = new GrpcContent(Pushed(static async stream =>
        {
            stream.WriteByte(1);
            await stream.WriteAsync(new byte[] { 2, 3 });
            await stream.FlushAsync();
        }), 100);
        var wire = new GatedWire();

        Task leaving = content.CopyToAsync(wire, TestContext.Current.CancellationToken);

        Assert.Equal((true, false, false), (content.CanBeRepeated, content.IsUnderWay, content.IsOut));
        wire.Pass();
        await leaving;
        Assert.True(content.IsOut);
        Assert.Equal([3], wire.Pieces);
        Assert.Equal([1, 2, 3], wire.ToArray());
    }

    [Fact]
    public async Task CopyTo_MessageThatStopsHalfWay_IsOnTheWireSoFar()
    {
        var hold = new TaskCompletionSource();
        using var content = new GrpcContent(Pushed(async stream =>
        {
            await stream.WriteAsync(new byte[] { 1, 2 });
            await stream.FlushAsync();
            await hold.Task;
            await stream.WriteAsync(new byte[] { 3 });
        }), 100);
        using var wire = new MemoryStream();

        Task writing = content.CopyToAsync(wire, TestContext.Current.CancellationToken);

        Assert.Equal([1, 2], wire.ToArray());
        Assert.Equal((true, false), (content.IsUnderWay, content.IsOut));
        hold.SetResult();
        await writing;
        Assert.Equal([1, 2, 3], wire.ToArray());
        Assert.Equal((false, true), (content.IsUnderWay, content.IsOut));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(150)]
    [InlineData(0)]
    public async Task CopyTo_WrittenByManyThreadsOneAfterAnother_KeepsTheOrder(int limit)
    {
        byte[] message = [.. Enumerable.Range(0, 200).Select(static i => (byte)i)];
        for (int round = 0; round < 100; round++)
        {
            int waits = round;
            using var content = new GrpcContent(Pushed(async stream =>
            {
                for (int i = 0; i < message.Length; i++)
                {
                    if (i % 100 == waits)
                    {
                        await Task.Yield();
                    }

                    if (i % 2 == 0)
                    {
                        await stream.WriteAsync(message.AsMemory(i, 1));
                    }
                    else
                    {
                        stream.Write(message, i, 1);
                    }
                }
            }), limit);
            using var wire = new MemoryStream();

            await content.CopyToAsync(wire, TestContext.Current.CancellationToken);

            Assert.Equal(message, wire.ToArray());
            Assert.Equal((limit >= message.Length, true), (content.CanBeRepeated, content.IsOut));
        }
    }

    [Fact]
    public async Task CopyTo_ThreadThatWaitsForAnotherOneToWrite_DoesNotHang()
    {
        using var content = new GrpcContent(Pushed(static stream =>
        {
            var other = new Thread(() => stream.Write([1, 2]));
            other.Start();
            other.Join();
            return Task.CompletedTask;
        }), 100);
        using var wire = new MemoryStream();

        await content.CopyToAsync(wire, TestContext.Current.CancellationToken);

        Assert.Equal([1, 2], wire.ToArray());
    }

    [Fact]
    public async Task Forget_BeforeOrWhileItIsWritten_TakesNothingFromTheWire()
    {
        GrpcContent? content = null;
        content = new GrpcContent(Pushed(async stream =>
        {
            await stream.WriteAsync(new byte[] { 1 });
            content!.Forget();
            await stream.WriteAsync(new byte[] { 2 });
        }), 100);
        using var wire = new MemoryStream();
        content.Forget();

        await content.CopyToAsync(wire, TestContext.Current.CancellationToken);

        Assert.Equal([1, 2], wire.ToArray());
        Assert.False(content.CanBeSent);
        content.Dispose();
    }

    [Fact]
    public async Task IsOut_SentASecondTime_IsNotSaidAgain()
    {
        using var content = new GrpcContent(new UnaryContent([1]), 100);
        await content.CopyToAsync(new MemoryStream(), TestContext.Current.CancellationToken);
        Assert.True(content.IsOut);

        await content.CopyToAsync(new MemoryStream(), TestContext.Current.CancellationToken);

        Assert.False(content.IsOut);
    }

    [Fact]
    public async Task CopyTo_ContentThatThrowsAtOnce_IsSettledAndNotSentAgain()
    {
        using var content = new GrpcContent(Pushed(static _ => throw new InvalidOperationException("not today")), 100);

        await Assert.ThrowsAsync<InvalidOperationException>(() => content.CopyToAsync(new MemoryStream(), TestContext.Current.CancellationToken));

        Assert.True(content.SettledAsync().IsCompleted);
        Assert.Equal((false, false), (content.CanBeSent, content.IsOut));
    }

    private static PushContent Pushed(Func<Stream, Task> write)
    {
        var content = new PushContent(write);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/grpc");
        return content;
    }
}
