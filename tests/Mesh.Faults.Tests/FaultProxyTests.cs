using System.Net.Sockets;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Faults.Tests;

public sealed class FaultProxyTests
{
    // Machines that build at the same time are slow: upper bounds are wide, lower ones exact.
    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Link_Well_CarriesBothWaysAndTheEnd()
    {
        await using var server = new EchoServer();
        await using FaultProxy proxy = FaultProxy.Start(server.Port);
        using PlainClient client = await PlainClient.ConnectAsync(proxy.Port);
        byte[] bytes = new byte[300_000];
        new Random(1).NextBytes(bytes);

        Task saying = client.SayAsync(bytes).AsTask();
        byte[] heard = await client.HearAsync(bytes.Length);
        await saying;
        client.Socket.Shutdown(SocketShutdown.Send);

        Assert.Equal(bytes, heard);
        Assert.Empty(await client.HearAsync(1));
        await Until.HoldsAsync(() => proxy.Connections == 0 && server.Ended == 1);
    }

    [Fact]
    public async Task Delay_WithJitter_HoldsBackAndKeepsTheOrder()
    {
        await using var server = new EchoServer();
        await using FaultProxy proxy = FaultProxy.Start(server.Port);
        proxy.Set(LinkFault.Delayed(TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(100)));
        using PlainClient client = await PlainClient.ConnectAsync(proxy.Port);

        long start = TimeProvider.System.GetTimestamp();
        foreach (char letter in "abcdefgh")
        {
            await client.SayAsync($"{letter}");
            await Task.Yield();
        }

        Assert.Equal("abcdefgh", await client.HearTextAsync(8));
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.FromMilliseconds(195), s_long);
    }

    [Fact]
    public async Task Bandwidth_Limited_IsKeptWithinABound()
    {
        await using var server = new EchoServer();
        await using FaultProxy proxy = FaultProxy.Start(server.Port);
        proxy.Set(LinkFault.Limited(40_000));
        using PlainClient client = await PlainClient.ConnectAsync(proxy.Port);

        long start = TimeProvider.System.GetTimestamp();
        await client.SayAsync(new byte[20_000]);
        Assert.Equal(20_000, (await client.HearAsync(20_000)).Length);

        // Half a second, the last piece of a twentieth apart.
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.FromMilliseconds(440), s_long);
    }

    [Fact]
    public async Task Drip_OfSingleBytes_ComesInPieces()
    {
        await using var server = new EchoServer();
        await using FaultProxy proxy = FaultProxy.Start(server.Port);
        proxy.Set(LinkFault.Drip(bytesPerSecond: 50, pieceSize: 1));
        using PlainClient client = await PlainClient.ConnectAsync(proxy.Port);

        long start = TimeProvider.System.GetTimestamp();
        await client.SayAsync("0123456789");
        Assert.Equal(1, await client.HearPieceAsync());
        Assert.Equal("123456789", await client.HearTextAsync(9));
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.FromMilliseconds(175), s_long);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public async Task Reset_AfterSomeBytes_IsAnErrorAtOnce(int after)
    {
        await using var server = new EchoServer();
        await using FaultProxy proxy = FaultProxy.Start(server.Port);
        using PlainClient client = await PlainClient.ConnectAsync(proxy.Port);
        proxy.Set(LinkFault.Broken(Ending.Reset, after));

        await client.SayAsync("0123456789");

        IOException error = await Assert.ThrowsAsync<IOException>(() => client.HearAsync(10));
        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(error.InnerException).SocketErrorCode);
    }

    [Fact]
    public async Task HalfClose_TowardsTheClient_EndsOneDirectionAndLetsTheOtherGoOn()
    {
        await using var server = new EchoServer();
        await using FaultProxy proxy = FaultProxy.Start(server.Port);
        using PlainClient client = await PlainClient.ConnectAsync(proxy.Port);
        proxy.Set(LinkFault.Broken(Ending.HalfClose, after: 2));

        await client.SayAsync("abcd");
        Assert.Equal("ab", await client.HearTextAsync(4));
        await client.SayAsync("efgh");

        await Until.HoldsAsync(() => string.Concat(server.Heard) == "abcdefgh");
        Assert.Equal(1, proxy.Connections);
    }

    [Fact]
    public async Task Truncate_AfterSomeBytes_EndsOrderly()
    {
        await using var server = new EchoServer();
        await using FaultProxy proxy = FaultProxy.Start(server.Port);
        using PlainClient client = await PlainClient.ConnectAsync(proxy.Port);
        proxy.Set(LinkFault.Broken(Ending.Truncate, after: 3));

        await client.SayAsync("abcdef");

        Assert.Equal("abc", await client.HearTextAsync(6));
        await Until.HoldsAsync(() => proxy.Connections == 0);
    }

    [Fact]
    public async Task Corrupt_APartOfTheBytes_KeepsTheLength()
    {
        await using var server = new EchoServer();
        await using FaultProxy proxy = FaultProxy.Start(server.Port);
        proxy.Set(LinkFault.Corrupt(0.1));
        using PlainClient client = await PlainClient.ConnectAsync(proxy.Port);

        await client.SayAsync(new byte[5_000]);
        byte[] heard = await client.HearAsync(5_000);

        Assert.Equal(5_000, heard.Length);
        Assert.InRange(heard.Count(static b => b != 0), 300, 700);
        Assert.All(server.Heard, static text => Assert.DoesNotContain(text, static c => c != 0));
    }

    [Fact]
    public async Task BlackHole_UntilHealed_LetsNothingThroughAndThenAll()
    {
        await using var server = new EchoServer();
        await using FaultProxy proxy = FaultProxy.Start(server.Port);
        using PlainClient open = await PlainClient.ConnectAsync(proxy.Port);
        proxy.Set(LinkFault.BlackHole);
        using PlainClient later = await PlainClient.ConnectAsync(proxy.Port);
        await open.SayAsync("open");
        await later.SayAsync("later");
        Task<string> first = open.HearTextAsync(4);
        Task<string> second = later.HearTextAsync(5);

        await Assert.ThrowsAsync<TimeoutException>(() => Task.WhenAny(first, second).WaitAsync(TimeSpan.FromMilliseconds(200), TestContext.Current.CancellationToken));
        Assert.Empty(server.Heard);
        proxy.Heal();

        Assert.Equal("open", await first);
        Assert.Equal("later", await second);
    }

    [Fact]
    public async Task Refuse_AndHeal_RefusesNewOnesAndKeepsThoseThatAreOpen()
    {
        await using var server = new EchoServer();
        await using FaultProxy proxy = FaultProxy.Start(server.Port);
        using PlainClient open = await PlainClient.ConnectAsync(proxy.Port);
        await open.SayAsync("1");
        await open.HearAsync(1);

        proxy.Set(LinkFault.Refuse);
        SocketException error = await Assert.ThrowsAnyAsync<SocketException>(() => PlainClient.ConnectAsync(proxy.Port));
        await open.SayAsync("2");
        Assert.Equal("2", await open.HearTextAsync(1));
        proxy.Heal();
        using PlainClient again = await PlainClient.ConnectAsync(proxy.Port);
        await again.SayAsync("3");

        Assert.Equal(SocketError.ConnectionRefused, error.SocketErrorCode);
        Assert.Equal("3", await again.HearTextAsync(1));
    }

    [Fact]
    public async Task Server_Gone_ClientSeesAReset()
    {
        var server = new EchoServer();
        await using FaultProxy proxy = FaultProxy.Start(server.Port);
        await server.DisposeAsync();

        // The reset may come before the connect is done with.
        Exception? error = await Record.ExceptionAsync(async () =>
        {
            using PlainClient client = await PlainClient.ConnectAsync(proxy.Port);
            await client.HearAsync(1);
        });

        Assert.True(error is IOException or SocketException, $"{error}");
    }

    [Fact]
    public async Task Break_OpenConnections_AreReset()
    {
        await using var server = new EchoServer();
        await using FaultProxy proxy = FaultProxy.Start(server.Port);
        using PlainClient client = await PlainClient.ConnectAsync(proxy.Port);
        await client.SayAsync("1");
        await client.HearAsync(1);

        proxy.Break();

        await Assert.ThrowsAsync<IOException>(() => client.HearAsync(1));
        await Until.HoldsAsync(() => proxy.Connections == 0);
    }

    [Fact]
    public async Task Play_ASchedule_GoesThroughItAndHeals()
    {
        await using var server = new EchoServer();
        await using FaultProxy proxy = FaultProxy.Start(server.Port);
        using PlainClient client = await PlainClient.ConnectAsync(proxy.Port);
        var step = TimeSpan.FromMilliseconds(300);

        Task playing = proxy.PlayAsync([new FaultPhase(step, LinkFault.BlackHole), new FaultPhase(step, LinkFault.Delayed(step))], TestContext.Current.CancellationToken);
        Assert.Same(LinkFault.BlackHole, proxy.Fault);
        long start = TimeProvider.System.GetTimestamp();
        await client.SayAsync("1");
        await client.HearAsync(1);

        Assert.InRange(TimeProvider.System.GetElapsedTime(start), step * 0.9, s_long);
        await playing;
        Assert.Same(LinkFault.None, proxy.Fault);
    }

    [Fact]
    public void Draw_ASeed_IsTheSameAgain()
    {
        LinkFault[] faults = [LinkFault.BlackHole, LinkFault.Refuse, LinkFault.Broken(Ending.Reset)];
        IReadOnlyList<FaultPhase> Phases(int seed) => FaultPhase.Draw(seed, 20, TimeSpan.FromSeconds(1), faults);

        Assert.Equal(Phases(7), Phases(7));
        Assert.NotEqual(Phases(7), Phases(8));
        Assert.All(Phases(7), static p => Assert.InRange(p.Length, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1)));
        Assert.Equal(3, Phases(7).Where(static p => p.Fault != LinkFault.None).Select(static p => p.Fault).Distinct().Count());
    }
}
