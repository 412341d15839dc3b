using System.Net;
using Mesh.Client.Tests.Waiting;
using Mesh.Faults.Http;

namespace Mesh.Faults.Tests.Http;

public sealed class HttpFaultTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789";

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Ok)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n0123\r\n6\r\n456789\r\n0\r\n\r\n")]
    public async Task Messages_WithoutAFault_GoThroughOnOneConnection(string answer)
    {
        await using var server = new EchoServer(answer);
        await using FaultProxy proxy = FaultProxy.Start(server.Port, isHttp: true);
        using var client = new HttpClient { BaseAddress = proxy.Uri };

        for (int i = 0; i < 5; i++)
        {
            using HttpResponseMessage response = await client.PostAsync("/x", new StringContent("hello"), Ended);
            Assert.Equal("0123456789", await response.Content.ReadAsStringAsync(Ended));
        }

        Assert.Equal(1, proxy.Taken);
        Assert.All(server.Heard, static heard => Assert.EndsWith("hello", heard, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Status_InPlaceOfTheAnswer_ReachesTheServerOrNot(bool reaches)
    {
        await using var server = new EchoServer(Ok);
        await using FaultProxy proxy = FaultProxy.Start(server.Port, isHttp: true);
        using var client = new HttpClient { BaseAddress = proxy.Uri };
        proxy.Set(LinkFault.None, new HttpFault { Status = 503, RetryAfter = 2, ReachesServer = reaches, PathPrefix = "/bad" });

        using HttpResponseMessage bad = await client.GetAsync("/bad/1", Ended);
        using HttpResponseMessage good = await client.GetAsync("/good", Ended);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, bad.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(2), bad.Headers.RetryAfter?.Delta);
        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
        Assert.Equal(reaches ? 2 : 1, server.Heard.Count);
    }

    [Theory]
    [InlineData(Ending.Truncate, -1, false)]
    [InlineData(Ending.Reset, -1, false)]
    [InlineData(Ending.HalfClose, -1, false)]
    [InlineData(Ending.Truncate, 5, true)]
    [InlineData(Ending.Reset, 5, true)]
    public async Task Ending_InTheAnswer_StrikesBeforeOrAfterTheHead(Ending ending, int after, bool hasHead)
    {
        await using var server = new EchoServer(Ok);
        await using FaultProxy proxy = FaultProxy.Start(server.Port, isHttp: true);
        using var client = new HttpClient { BaseAddress = proxy.Uri };
        proxy.Set(LinkFault.None, new HttpFault { Ending = ending, After = after });

        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        Task<HttpResponseMessage> sending = client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ended);
        if (hasHead && ending is Ending.Truncate)
        {
            using HttpResponseMessage response = await sending;
            await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsStringAsync(Ended));
        }
        else if (hasHead)
        {
            // A reset may overtake what was sent before it.
            await Assert.ThrowsAnyAsync<Exception>(async () => await (await sending).Content.ReadAsStringAsync(Ended));
        }
        else
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => sending);
        }

        // The runtime itself sends a GET up to three times more where the connection ends orderly before the first byte of an answer.
        Assert.InRange(server.Heard.Count, 1, hasHead || ending is Ending.Reset ? 1 : 4);
        await Until.HoldsAsync(() => proxy.Connections == 0);
    }

    [Fact]
    public async Task Ratio_OfTheRequests_IsStruck()
    {
        await using var server = new EchoServer(Ok);
        await using FaultProxy proxy = FaultProxy.Start(server.Port, isHttp: true);
        using var client = new HttpClient { BaseAddress = proxy.Uri };
        proxy.Set(LinkFault.None, new HttpFault { Status = 500, Ratio = 0.5 });

        int struck = 0;
        for (int i = 0; i < 200; i++)
        {
            using HttpResponseMessage response = await client.GetAsync("/", Ended);
            struck += response.StatusCode is HttpStatusCode.InternalServerError ? 1 : 0;
        }

        Assert.InRange(struck, 70, 130);
    }

    [Fact]
    public async Task Delay_OfTheAnswer_IsWaited()
    {
        await using var server = new EchoServer(Ok);
        await using FaultProxy proxy = FaultProxy.Start(server.Port, isHttp: true);
        using var client = new HttpClient { BaseAddress = proxy.Uri };
        proxy.Set(LinkFault.None, new HttpFault { Delay = TimeSpan.FromMilliseconds(150) });

        long start = TimeProvider.System.GetTimestamp();
        await client.GetStringAsync("/", Ended);

        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.FromMilliseconds(145), TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task Set_AnHttpFaultOfAPlainProxy_SaysTheRemedy()
    {
        await using FaultProxy proxy = FaultProxy.Start(1);

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => proxy.Set(LinkFault.None, new HttpFault()));

        Assert.Contains("isHttp", error.Message, StringComparison.Ordinal);
    }
}
