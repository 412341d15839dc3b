using System.Net;
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
}
