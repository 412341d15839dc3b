using System.Net;
using Mesh.Agent.Tests.Support;

namespace Mesh.Agent.Tests.Outbound;

/// <summary>The ways in which a program says which service it means.</summary>
public sealed class AddressingTests
{
    [Fact]
    public async Task Get_ThroughHttpProxy_ReachesTheService()
    {
        await using Upstream orders = await Upstream.StartAsync();
        await using TestAgent agent = await TestAgent.StartAsync([orders.Uri]);
        using HttpClient client = agent.Proxied();

        string seen = await client.GetStringAsync(new Uri("http://orders/today?a=1&b=%2F"), TestContext.Current.CancellationToken);

        Assert.StartsWith("HTTP/1.1 GET /today?a=1&b=%2F\n", seen, StringComparison.Ordinal);
        Assert.Contains("host: orders\n", seen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET http://orders/today HTTP/1.1", "Host: orders")]
    [InlineData("GET http://orders/today HTTP/1.1", "Host: somebody.else")]
    [InlineData("GET http://ORDERS/today HTTP/1.1", "Host: orders")]
    [InlineData("GET http://orders.mesh/today HTTP/1.1", "Host: orders.mesh")]
    [InlineData("GET /today HTTP/1.1", "Host: orders")]
    [InlineData("GET /today HTTP/1.1", "Host: Orders")]
    [InlineData("GET /today HTTP/1.0", "Host: orders")]
    public async Task Request_InAnyForm_ReachesTheService(string requestLine, string host)
    {
        await using Upstream orders = await Upstream.StartAsync();
        await using TestAgent agent = await TestAgent.StartAsync([orders.Uri]);
        using RawConnection connection = await agent.ConnectAsync();

        string answer = await connection.AskAsync(requestLine, host);

        Assert.True(answer.StartsWith("HTTP/1.1 200 OK\r\n", StringComparison.Ordinal), answer);
        Assert.Contains("HTTP/1.1 GET /today\n", answer, StringComparison.Ordinal);
        Assert.Contains("host: orders", answer, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("somebody.else", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/a//b/./c/../d")]
    [InlineData("/a%2Fb/%2e%2e/c")]
    [InlineData("/caf%C3%A9?q=%zz&x={y}")]
    [InlineData("/?")]
    public async Task Path_OfARequest_GoesOnAsItCame(string path)
    {
        await using Upstream orders = await Upstream.StartAsync();
        await using TestAgent agent = await TestAgent.StartAsync([orders.Uri]);
        using RawConnection connection = await agent.ConnectAsync();

        string answer = await connection.AskAsync($"GET {path} HTTP/1.1", "Host: orders");

        Assert.Contains($"GET {path}\n", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET http://orders HTTP/1.1", "GET /\n")]
    [InlineData("GET http://orders?a=b HTTP/1.1", "GET /?a=b\n")]
    public async Task Path_OfATargetWithout_IsTheRoot(string requestLine, string seen)
    {
        await using Upstream orders = await Upstream.StartAsync();
        await using TestAgent agent = await TestAgent.StartAsync([orders.Uri]);
        using RawConnection connection = await agent.ConnectAsync();

        Assert.Contains(seen, await connection.AskAsync(requestLine, "Host: orders"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_OverAUnixSocket_ReachesTheService()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("mesh-agent-").FullName, "outbound.sock");
        await using Upstream orders = await Upstream.StartAsync();
        await using TestAgent agent = await TestAgent.StartAsync([orders.Uri], [("Agent:Outbound:1", $"unix:{path}")]);
        using HttpClient one = agent.Direct(unixSocket: path);
        using HttpClient two = agent.Direct(HttpVersion.Version20, path);

        Assert.StartsWith("HTTP/1.1 GET /today\n", await one.GetStringAsync(new Uri("http://orders/today"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 GET /today\n", await two.GetStringAsync(new Uri("http://orders/today"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OverASocketThatAKilledAgentLeft_TakesItsPlace()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("mesh-agent-").FullName, "outbound.sock");
        StaleSocket.Leave(path);
        await using Upstream orders = await Upstream.StartAsync();
        await using TestAgent agent = await TestAgent.StartAsync([orders.Uri], [("Agent:Outbound:1", $"unix:{path}")]);
        using HttpClient client = agent.Direct(unixSocket: path);

        Assert.StartsWith("HTTP/1.1 GET /\n", await client.GetStringAsync(new Uri("http://orders/"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_OverHttp2WithPriorKnowledge_ReachesTheService()
    {
        await using Upstream orders = await Upstream.StartAsync();
        await using TestAgent agent = await TestAgent.StartAsync([orders.Uri]);
        using HttpClient client = agent.Direct(HttpVersion.Version20);

        using HttpResponseMessage answer = await client.GetAsync(new Uri("http://orders/today"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpVersion.Version20, answer.Version);
        Assert.StartsWith("HTTP/1.1 GET /today\n", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_OnOneConnection_GoToTheServicesTheyName()
    {
        await using Upstream orders = await Upstream.StartAsync();
        await using Upstream stock = await Upstream.StartAsync();
        await using TestAgent agent = await TestAgent.StartAsync([orders.Uri], [("Mesh:Services:stock:Endpoints:0:Address", $"{stock.Uri}")]);
        using RawConnection connection = await agent.ConnectAsync();
        await connection.SendAsync("GET / HTTP/1.1\r\nHost: orders\r\n\r\nGET / HTTP/1.1\r\nHost: stock\r\n\r\n");

        string answers = await connection.AskAsync("GET http://orders/last HTTP/1.1", "Host: stock");

        Assert.Equal(3, answers.Split("HTTP/1.1 200 OK\r\n").Length - 1);
        Assert.Equal((2, 1), (orders.Requests, stock.Requests));
    }
}
