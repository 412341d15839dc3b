using System.Collections.Concurrent;
using System.Net;
using Mesh.Agent.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Mesh.Agent.Tests.Outbound;

/// <summary>The engine's retries, with bodies that a program sends only once.</summary>
public sealed class RetryTests
{
    [Theory]
    [InlineData("PUT", 200, 2)]
    [InlineData("DELETE", 200, 2)]
    [InlineData("POST", 503, 1)]
    public async Task Body_OfARequestThatMayBeRepeated_IsSentAgain(string method, int status, int requests)
    {
        var bodies = new ConcurrentQueue<string>();
        await using Upstream orders = await Upstream.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            bodies.Enqueue(await reader.ReadToEndAsync(context.RequestAborted));
            context.Response.StatusCode = bodies.Count == 1 ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        });
        await using TestAgent agent = await TestAgent.StartAsync([orders.Uri]);
        using HttpClient client = agent.Proxied();
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri("http://orders/")) { Content = new StringContent(new string('x', 10_000)) };

        using HttpResponseMessage answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode)status, answer.StatusCode);
        Assert.Equal(Enumerable.Repeat(new string('x', 10_000), requests), bodies);
    }

    [Fact]
    public async Task Body_BeyondMaxBufferedBody_IsSentOnce()
    {
        await using Upstream orders = await Upstream.StartAsync(static async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        });
        await using TestAgent agent = await TestAgent.StartAsync([orders.Uri], [("Mesh:Services:orders:Retry:MaxBufferedBody", "1000")]);
        using HttpClient client = agent.Proxied();

        using HttpResponseMessage answer = await client.PutAsync(new Uri("http://orders/"), new StringContent(new string('x', 1001)), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(1, orders.Requests);
    }

    [Fact]
    public async Task Connection_ThatCannotBeMade_IsNoMatterForAnyBody()
    {
        Upstream gone = await Upstream.StartAsync();
        Uri uri = gone.Uri;
        await gone.DisposeAsync();
        await using Upstream orders = await Upstream.StartAsync();
        await using TestAgent agent = await TestAgent.StartAsync([uri, orders.Uri], [("Mesh:Services:orders:LoadBalancing:Policy", "RoundRobin")]);
        using HttpClient client = agent.Proxied();

        for (int i = 0; i < 4; i++)
        {
            using HttpResponseMessage answer = await client.PostAsync(new Uri("http://orders/"), new EndlessContent(200_000, knowsLength: false), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.Equal(4, orders.Requests);
    }
}
