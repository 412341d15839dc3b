using Mesh.Agent.Tests.Support;

namespace Mesh.Agent.Tests.Listening;

public sealed class ConnectionLimitTests
{
    [Fact]
    public async Task Connection_BeyondTheLimit_IsClosedAtOnce()
    {
        await using Upstream orders = await Upstream.StartAsync();
        await using TestAgent agent = await TestAgent.StartAsync([orders.Uri], [("Agent:MaxConnections", "1")]);
        using RawConnection one = await agent.ConnectAsync();
        await one.SendAsync("GET / HTTP/1.1\r\nHost: orders\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", await one.ReadUntilAsync("\r\n"), StringComparison.Ordinal);
        using RawConnection two = await agent.ConnectAsync();

        Assert.Equal("", await two.ReadToEndAsync());
    }
}
