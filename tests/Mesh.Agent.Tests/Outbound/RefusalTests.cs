using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Mesh.Agent.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Mesh.Agent.Tests.Outbound;

/// <summary>What the agent answers in place of a service.</summary>
public sealed class RefusalTests
{
    [Theory]
    [InlineData("CONNECT orders:80 HTTP/1.1", "orders:80")]
    [InlineData("CONNECT orders.mesh:443 HTTP/1.1", "orders.mesh:443")]
    [InlineData("CONNECT example.com:443 HTTP/1.1", "example.com:443")]
    public async Task Connect_ToAnyHost_IsRefusedWithAReason(string requestLine, string host)
    {
        await using TestAgent agent = await TestAgent.StartAsync([new Uri("http://127.0.0.1:1")]);
        using RawConnection connection = await agent.ConnectAsync();

        string answer = await connection.AskAsync(requestLine, $"Host: {host}");

        Assert.StartsWith("HTTP/1.1 405 Method Not Allowed\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("x-mesh-reason: tunnel\r\n", answer, StringComparison.Ordinal);
        Assert.Contains($"Call http://{host.Split(':')[0]} through the agent", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("example.com")]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("[::1]")]
    public async Task Foreign_WithoutPassThrough_IsRefused(string host)
    {
        await using Upstream outside = await Upstream.StartAsync();
        await using TestAgent agent = await TestAgent.StartAsync([]);
        using RawConnection connection = await agent.ConnectAsync();

        string answer = await connection.AskAsync($"GET http://{host}:{outside.Uri.Port}/ HTTP/1.1", $"Host: {host}:{outside.Uri.Port}");

        Assert.StartsWith("HTTP/1.1 403 Forbidden\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("x-mesh-reason: foreign-host\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("Agent:PassThrough", answer, StringComparison.Ordinal);
        Assert.Equal(0, outside.Requests);
    }

    [Fact]
    public async Task Foreign_UnderPassThrough_IsCarried()
    {
        await using Upstream outside = await Upstream.StartAsync();
        await using TestAgent agent = await TestAgent.StartAsync([], [("Agent:PassThrough:0", "127.0.0.1")]);
        using HttpClient client = agent.Proxied();

        string seen = await client.GetStringAsync(new Uri(outside.Uri, "/there"), TestContext.Current.CancellationToken);

        Assert.StartsWith("HTTP/1.1 GET /there\n", seen, StringComparison.Ordinal);
        Assert.Contains($"host: 127.0.0.1:{outside.Uri.Port}\n", seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Response_CutBeforeItsBody_SaysSo()
    {
        await using var closing = new ClosingUpstream("HTTP/1.1 200 OK\r\nContent-Length: 10\r\nx-own: 1\r\n\r\n");
        closing.Close();
        await using TestAgent agent = await TestAgent.StartAsync([closing.Uri]);
        using HttpClient client = agent.Proxied();

        using HttpResponseMessage answer = await client.GetAsync(new Uri("http://orders/"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal("response-body", Reason(answer));
        Assert.False(answer.Headers.Contains("x-own"));
    }

    [Fact]
    public async Task Foreign_ThatIsTheAgentItself_IsALoop()
    {
        await using TestAgent agent = await TestAgent.StartAsync([], [("Agent:PassThrough:0", "*")]);
        using HttpClient client = agent.Proxied();

        using HttpResponseMessage answer = await client.GetAsync(agent.Outbound, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode)508, answer.StatusCode);
        Assert.Equal("loop", Reason(answer));
    }

    // As by a program that registers the agent's port in place of its own. Without an end each call would become thousands.
    [Theory]
    [InlineData("close")]
    [InlineData("via")]
    public async Task Service_ThatIsTheAgentItself_IsALoop(string connectionHeader)
    {
        await using TestAgent agent = await TestAgent.StartAsync([]);
        agent.Configuration["Mesh:Services:orders:Endpoints:0:Address"] = agent.Outbound.GetLeftPart(UriPartial.Authority);
        agent.Configuration.Reload();
        using HttpClient client = agent.Proxied();
        client.DefaultRequestHeaders.TryAddWithoutValidation("Connection", connectionHeader);
        client.DefaultRequestHeaders.TryAddWithoutValidation("Via", "1.1 another");
        HttpResponseMessage answer;
        do
        {
            answer = await client.GetAsync(new Uri("http://orders/"), TestContext.Current.CancellationToken);
        }
        while (Reason(answer) == "no-endpoints");

        Assert.Equal((HttpStatusCode)508, answer.StatusCode);
        Assert.Equal("loop", Reason(answer));
    }

    [Fact]
    public async Task PassThrough_ThatChanges_CountsAtOnce()
    {
        await using Upstream outside = await Upstream.StartAsync();
        await using TestAgent agent = await TestAgent.StartAsync([]);
        using HttpClient client = agent.Proxied();
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync(outside.Uri, TestContext.Current.CancellationToken)).StatusCode);

        agent.Configuration["Agent:PassThrough:0"] = "*";
        agent.Configuration.Reload();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(outside.Uri, TestContext.Current.CancellationToken)).StatusCode);

        agent.Configuration["Agent:PassThrough:0"] = "not a host";
        agent.Configuration.Reload();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(outside.Uri, TestContext.Current.CancellationToken)).StatusCode);
        Assert.Contains("Agent:PassThrough:0 = \"not a host\" is no host", Assert.Single(agent.Log.Of(6001)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1", "X: no host", 400)]
    [InlineData("GET /a#b HTTP/1.1", "Host: orders", 400)]
    [InlineData("GET ftp://orders/a HTTP/1.1", "Host: orders", 400)]
    [InlineData("OPTIONS * HTTP/1.1", "Host: orders", 400)]
    [InlineData("GET http://user:secret@orders/a HTTP/1.1", "Host: orders", 200)]
    public async Task Malformed_Request_IsAnsweredSo(string requestLine, string header, int status)
    {
        await using Upstream orders = await Upstream.StartAsync();
        await using TestAgent agent = await TestAgent.StartAsync([orders.Uri]);
        using RawConnection connection = await agent.ConnectAsync();

        string answer = await connection.AskAsync(requestLine, header);

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Service_WithoutEndpoints_Is503()
    {
        await using TestAgent agent = await TestAgent.StartAsync([]);
        using HttpClient client = agent.Proxied();

        using HttpResponseMessage answer = await client.GetAsync(new Uri("http://orders/"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("no-endpoints", Reason(answer));
        using JsonDocument problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(503, problem.RootElement.GetProperty("status").GetInt32());
        Assert.Contains("Service \"orders\" has no endpoint", problem.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Service_ThatNobodyListensFor_Is502()
    {
        Upstream gone = await Upstream.StartAsync();
        Uri uri = gone.Uri;
        await gone.DisposeAsync();
        await using TestAgent agent = await TestAgent.StartAsync([uri]);
        using HttpClient client = agent.Proxied();

        using HttpResponseMessage answer = await client.GetAsync(new Uri("http://orders/"), TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.BadGateway, "connect-failure"), (answer.StatusCode, Reason(answer)));
    }

    [Fact]
    public async Task Service_ThatIsTooSlow_Is504()
    {
        await using Upstream orders = await Upstream.StartAsync(static context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        await using TestAgent agent = await TestAgent.StartAsync([orders.Uri], [("Mesh:Services:orders:Timeout", "00:00:00.300")]);
        using HttpClient client = agent.Proxied();

        using HttpResponseMessage answer = await client.GetAsync(new Uri("http://orders/"), TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.GatewayTimeout, "timeout"), (answer.StatusCode, Reason(answer)));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("150")]
    public async Task Deadline_OfTheProgram_IsKept(string milliseconds)
    {
        await using Upstream orders = await Upstream.StartAsync(static context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        await using TestAgent agent = await TestAgent.StartAsync([orders.Uri]);
        using HttpClient client = agent.Proxied();
        client.DefaultRequestHeaders.Add("x-envoy-expected-rq-timeout-ms", milliseconds);

        using HttpResponseMessage answer = await client.GetAsync(new Uri("http://orders/"), TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.GatewayTimeout, "timeout"), (answer.StatusCode, Reason(answer)));
    }

    [Fact]
    public async Task Limit_ThatIsUsedUp_Is429()
    {
        await using Upstream orders = await Upstream.StartAsync();
        await using TestAgent agent = await TestAgent.StartAsync(
            [orders.Uri], [("Mesh:Services:orders:RateLimits:0:Name", "few"), ("Mesh:Services:orders:RateLimits:0:Permits", "1"), ("Mesh:Services:orders:RateLimits:0:Per", "01:00:00")]);
        using HttpClient client = agent.Proxied();

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("http://orders/"), TestContext.Current.CancellationToken)).StatusCode);
        using HttpResponseMessage answer = await client.GetAsync(new Uri("http://orders/"), TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.TooManyRequests, "rate-limited"), (answer.StatusCode, Reason(answer)));
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    [Fact]
    public async Task Status_OfTheService_IsNotTheAgents()
    {
        await using Upstream orders = await Upstream.StartAsync(static context =>
        {
            context.Response.StatusCode = 418;
            return context.Response.WriteAsync("tea");
        });
        await using TestAgent agent = await TestAgent.StartAsync([orders.Uri]);
        using HttpClient client = agent.Proxied();

        using HttpResponseMessage answer = await client.GetAsync(new Uri("http://orders/"), TestContext.Current.CancellationToken);

        Assert.Equal(418, (int)answer.StatusCode);
        Assert.Equal("tea", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Null(Reason(answer));
    }

    private static string? Reason(HttpResponseMessage answer) => answer.Headers.NonValidated.TryGetValues("x-mesh-reason", out HeaderStringValues values) ? values.ToString() : null;
}
