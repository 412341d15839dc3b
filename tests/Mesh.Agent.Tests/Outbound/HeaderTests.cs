using System.Net;
using Mesh.Agent.Tests.Support;

namespace Mesh.Agent.Tests.Outbound;

/// <summary>Which headers cross the agent.</summary>
public sealed class HeaderTests
{
    [Fact]
    public async Task HopHeaders_OfARequest_StayBehind()
    {
        await using Upstream orders = await Upstream.StartAsync();
        await using TestAgent agent = await TestAgent.StartAsync([orders.Uri]);
        using RawConnection connection = await agent.ConnectAsync();

        string seen = await connection.AskAsync(
            "GET http://orders/ HTTP/1.1",
            "Host: orders",
            "Connection: x-mine, keep-alive, Host",
            "X-Mine: 1",
            "X-Kept: 2",
            "Keep-Alive: timeout=5",
            "Proxy-Connection: keep-alive",
            "Proxy-Authorization: Basic c2VjcmV0",
            "TE: gzip",
            "Upgrade: h2c",
            "HTTP2-Settings: AAMAAABkAAQAAP__");

        Assert.StartsWith("HTTP/1.1 200 OK\r\n", seen, StringComparison.Ordinal);
        string body = seen[seen.IndexOf("GET /\n", StringComparison.Ordinal)..];
        Assert.Contains("x-kept: 2\n", body, StringComparison.Ordinal);
        Assert.Contains("host: orders\n", body, StringComparison.Ordinal);
        foreach (string name in new[] { "x-mine", "connection", "keep-alive", "proxy-connection", "proxy-authorization", "te", "upgrade", "http2-settings" })
        {
            Assert.DoesNotContain($"\n{name}:", body, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("x-hop")]
    [InlineData("x-hop,")]
    [InlineData(" other , X-HOP ")]
    [InlineData("keep-alive, close, x-hop")]
    public async Task HopHeaders_InAnyForm_StayBehind(string connectionHeader)
    {
        await using Upstream orders = await Upstream.StartAsync();
        await using TestAgent agent = await TestAgent.StartAsync([orders.Uri]);
        using RawConnection connection = await agent.ConnectAsync();

        // Where keep-alive or close alone stands there too, Kestrel makes that the whole header, and what else it nominated is lost.
        await connection.SendAsync($"GET http://orders/ HTTP/1.1\r\nHost: orders\r\nConnection: {connectionHeader}\r\nX-Hop: 1\r\n\r\n");
        string seen = await connection.ReadUntilAsync("\r\n0\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200 OK\r\n", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("x-hop", seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HopHeaders_OfAResponse_StayBehind()
    {
        await using Upstream orders = await Upstream.StartAsync(static context =>
        {
            context.Response.Headers.Connection = "x-mine";
            context.Response.Headers["X-Mine"] = "1";
            context.Response.Headers["X-Kept"] = "2";
            context.Response.Headers.KeepAlive = "timeout=5";
            return Task.CompletedTask;
        });
        await using TestAgent agent = await TestAgent.StartAsync([orders.Uri]);
        using RawConnection connection = await agent.ConnectAsync();

        string answer = await connection.AskAsync("GET / HTTP/1.1", "Host: orders");

        Assert.Contains("X-Kept: 2\r\n", answer, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("x-mine", answer, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("keep-alive", answer, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task MeshHeaders_OfAProgram_AreTheAgentsToSay()
    {
        await using Upstream orders = await Upstream.StartAsync();
        await using TestAgent agent = await TestAgent.StartAsync([orders.Uri], [("Mesh:Local:Service", "web")]);
        using HttpClient client = agent.Proxied();
        client.DefaultRequestHeaders.Add("x-mesh-caller", "admin");
        client.DefaultRequestHeaders.Add("x-envoy-attempt-count", "7");
        client.DefaultRequestHeaders.Add("baggage", "mesh-lane=blue,other=1");
        client.DefaultRequestHeaders.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

        string seen = await client.GetStringAsync(new Uri("http://orders/"), TestContext.Current.CancellationToken);

        Assert.Contains("x-mesh-caller: web\n", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("x-envoy-attempt-count", seen, StringComparison.Ordinal);
        Assert.Contains("baggage: mesh-lane=blue,other=1\n", seen, StringComparison.Ordinal);
        Assert.Contains("traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\n", seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Caller_OfAProgram_IsNobodyWhereTheAgentHasNoName()
    {
        await using Upstream orders = await Upstream.StartAsync();
        await using TestAgent agent = await TestAgent.StartAsync([orders.Uri]);
        using HttpClient client = agent.Proxied();
        client.DefaultRequestHeaders.Add("x-mesh-caller", "admin");

        Assert.DoesNotContain("x-mesh-caller", await client.GetStringAsync(new Uri("http://orders/"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_BeyondAscii_GoBothWaysAsTheyAre()
    {
        await using TestAgent agent = await TestAgent.StartAsync([]);
        await using var orders = RawUpstream.Start(static _ => "HTTP/1.1 200 OK\r\nX-Own: caf\u00e9\r\nContent-Length: 0\r\n\r\n");
        agent.Configuration["Mesh:Services:orders:Endpoints:0:Address"] = $"{orders.Uri}";
        agent.Configuration.Reload();
        using RawConnection connection = await agent.ConnectAsync();
        string answer = "";
        while (!answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal))
        {
            using RawConnection another = await agent.ConnectAsync();
            answer = await another.AskAsync("GET / HTTP/1.1", "Host: orders", "X-Name: na\u00efve");
        }

        Assert.Contains("X-Own: caf\u00e9\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("X-Name: na\u00efve\r\n", orders.Heads.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirect_OfAService_IsTheProgramsToFollow()
    {
        await using Upstream orders = await Upstream.StartAsync(static context =>
        {
            context.Response.Redirect("http://stock/elsewhere");
            return Task.CompletedTask;
        });
        await using TestAgent agent = await TestAgent.StartAsync([orders.Uri]);
        using HttpClient client = agent.Proxied();

        using HttpResponseMessage answer = await client.GetAsync(new Uri("http://orders/"), TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.Found, "http://stock/elsewhere"), (answer.StatusCode, answer.Headers.Location?.ToString()));
    }
}
