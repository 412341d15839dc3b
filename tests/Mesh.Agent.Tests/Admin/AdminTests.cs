using System.Net;
using System.Net.Sockets;
using System.Text;
using Mesh.Agent.Tests.Support;

namespace Mesh.Agent.Tests.Admin;

public sealed class AdminTests
{
    [Theory]
    [InlineData("GET", "/healthz", 200)]
    [InlineData("HEAD", "/healthz", 200)]
    [InlineData("GET", "/readyz", 200)]
    [InlineData("POST", "/readyz", 405)]
    [InlineData("GET", "/", 404)]
    [InlineData("GET", "/mesh/", 200)]
    [InlineData("GET", "/mesh/api/services", 200)]
    [InlineData("GET", "/mesh/api/openapi.json", 200)]
    [InlineData("PUT", "/mesh/api/services/orders/endpoints/a:1/isolation", 403)]
    [InlineData("GET", "/metrics", 200)]
    [InlineData("HEAD", "/metrics", 200)]
    [InlineData("POST", "/metrics", 405)]
    [InlineData("GET", "/v1/services", 200)]
    [InlineData("GET", "/v1/registrations", 200)]
    [InlineData("POST", "/v1/registrations/a", 405)]
    public async Task Request_AtTheAdminListener_IsAnswered(string method, string path, int status)
    {
        await using TestAgent agent = await TestAgent.StartAsync([]);
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(agent.Admin, path));

        using HttpResponseMessage answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode)status, answer.StatusCode);
    }

    [Fact]
    public async Task Service_AtTheAdminListener_IsNotReached()
    {
        await using Upstream orders = await Upstream.StartAsync();
        await using TestAgent agent = await TestAgent.StartAsync([orders.Uri]);
        using var connection = await RawConnection.OpenAsync(agent.Admin.Port);

        Assert.StartsWith("HTTP/1.1 404 ", await connection.AskAsync("GET http://orders/ HTTP/1.1", "Host: orders"), StringComparison.Ordinal);
        Assert.Equal(0, orders.Requests);
    }

    [Theory]
    [InlineData("/mesh/api")]
    [InlineData("/metrics")]
    [InlineData("/v1/registrations")]
    [InlineData("/v1/services")]
    [InlineData("/v1/services/orders/endpoints")]
    public async Task Admin_ForWhoMayComeFromElsewhere_IsRefused(string path)
    {
        await using TestAgent agent = await TestAgent.StartAsync([]);
        foreach ((string name, string value) in new[] { ("Host", "rebound.example"), ("Origin", "http://evil.example"), ("X-Forwarded-For", "127.0.0.1") })
        {
            using var client = new HttpClient();
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(agent.Admin, path));
            request.Headers.TryAddWithoutValidation(name, value);

            using HttpResponseMessage answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

            Assert.Equal((name, HttpStatusCode.Forbidden), (name, answer.StatusCode));
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        }
    }

    [Fact]
    public async Task Admin_OfAService_IsNotTheAgents()
    {
        await using Upstream orders = await Upstream.StartAsync();
        await using TestAgent agent = await TestAgent.StartAsync([orders.Uri]);
        using HttpClient client = agent.Proxied();

        foreach (string path in new[] { "/mesh/api", "/metrics", "/v1/services", "/healthz" })
        {
            Assert.StartsWith($"HTTP/1.1 GET {path}\n", await client.GetStringAsync(new Uri($"http://orders{path}"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Admin_OverAUnixSocket_AnswersTheMachinesOwn()
    {
        string path = Path.Combine(Path.GetTempPath(), $"mesh-admin-{Environment.ProcessId}.sock");
        await using TestAgent agent = await TestAgent.StartAsync([], [("Agent:Admin", $"unix:{path}")]);
        using var client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });

        foreach (string known in new[] { "/healthz", "/mesh/api", "/metrics", "/v1/services" })
        {
            Assert.Equal((known, HttpStatusCode.OK), (known, (await client.GetAsync(new Uri($"http://localhost{known}"), TestContext.Current.CancellationToken)).StatusCode));
        }

        using var put = new StringContent("""{ "service": "inventory", "port": 9000 }""", Encoding.UTF8, "application/json");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.PutAsync(new Uri("http://localhost/v1/registrations/a"), put, TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync(new Uri("http://mesh.example/mesh/api"), TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Admin_ThatIsOpenToOthers_AnswersByAnyName()
    {
        await using TestAgent agent = await TestAgent.StartAsync([], [("Agent:RemoteAdmin", "true")]);
        using var client = new HttpClient();
        foreach (string path in new[] { "/mesh/api", "/metrics" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(agent.Admin, path)) { Headers = { Host = "node-7.internal" } };
            using HttpResponseMessage answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }
}
