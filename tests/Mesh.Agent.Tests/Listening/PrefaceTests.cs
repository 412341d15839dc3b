using Mesh.Agent.Tests.Support;

namespace Mesh.Agent.Tests.Listening;

/// <summary>The first bytes of a connection.</summary>
public sealed class PrefaceTests
{
    [Theory]
    [InlineData("P", "UT / HTTP/1.1\r\n", "Host: orders\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")]
    [InlineData("PRI", " / HTTP/1.1\r\n", "Host: orders\r\nConnection: close\r\n\r\n")]
    [InlineData("", "G", "ET / HTTP/1.1\r\nHost: orders\r\nConnection: close\r\n\r\n")]
    public async Task Request_ThatComesInPieces_IsHttp11(params string[] pieces)
    {
        await using Upstream orders = await Upstream.StartAsync();
        await using TestAgent agent = await TestAgent.StartAsync([orders.Uri]);
        using RawConnection connection = await agent.ConnectAsync();

        foreach (string piece in pieces)
        {
            await connection.SendAsync(piece);
            await Task.Yield();
        }

        Assert.StartsWith("HTTP/1.1 200 OK\r\n", await connection.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Preface_ThatComesInPieces_IsHttp2()
    {
        await using TestAgent agent = await TestAgent.StartAsync([]);
        using RawConnection connection = await agent.ConnectAsync();

        foreach (char c in "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0")
        {
            await connection.SendAsync($"{c}");
        }

        // A frame of SETTINGS: a length of three bytes, then its type.
        string answer = await connection.ReadUntilAsync("\u0004");
        Assert.Equal(4, answer.Length);
    }

    [Fact]
    public async Task Connection_ThatSaysNothing_DoesNotHoldUpTheStop()
    {
        await using TestAgent agent = await TestAgent.StartAsync([]);
        using RawConnection silent = await agent.ConnectAsync();
        using RawConnection begun = await agent.ConnectAsync();
        await begun.SendAsync("PRI * HT");

        await agent.StopAsync().WaitAsync(TimeSpan.FromSeconds(4), TestContext.Current.CancellationToken);

        Assert.Equal(("", ""), (await silent.ReadToEndAsync(), await begun.ReadToEndAsync()));
    }
}
