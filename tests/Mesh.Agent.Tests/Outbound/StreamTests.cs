using System.Net;
using Mesh.Agent.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Mesh.Agent.Tests.Outbound;

/// <summary>Bodies: nothing is kept, nothing waits for more.</summary>
[Collection(Alone.Name)]
public sealed class StreamTests
{
    private const int Megabyte = 1024 * 1024;

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task ServerSentEvents_OfAService_ComeOneByOne(string version)
    {
        using var go = new SemaphoreSlim(0);
        await using Upstream orders = await Upstream.StartAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            for (int i = 0; i < 3; i++)
            {
                await context.Response.WriteAsync($"data: {i}\n\n", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await go.WaitAsync(context.RequestAborted);
            }
        });
        await using TestAgent agent = await TestAgent.StartAsync([orders.Uri]);
        using HttpClient client = agent.Direct(Version.Parse(version));
        using HttpResponseMessage answer = await client.GetAsync(new Uri("http://orders/"), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));

        for (int i = 0; i < 3; i++)
        {
            // The service sends the next one only after this one has arrived.
            Assert.Equal($"data: {i}", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
            Assert.Equal("", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
            go.Release();
        }

        Assert.Null(await reader.ReadLineAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Stream_ThatIsLongerThanAllTimeouts_Lives()
    {
        await using Upstream orders = await Upstream.StartAsync(async context =>
        {
            await context.Response.WriteAsync("a", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(TimeSpan.FromMilliseconds(900), context.RequestAborted);
            await context.Response.WriteAsync("b", context.RequestAborted);
        });
        await using TestAgent agent = await TestAgent.StartAsync([orders.Uri], [("Mesh:Services:orders:Timeout", "00:00:00.400"), ("Mesh:Services:orders:AttemptTimeout", "00:00:00.300")]);
        using HttpClient client = agent.Proxied();

        Assert.Equal("ab", await client.GetStringAsync(new Uri("http://orders/"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Trailers_OfAResponse_Cross()
    {
        await using Upstream orders = await Upstream.StartAsync(
            static async context =>
            {
                context.Response.DeclareTrailer("x-sum");
                await context.Response.WriteAsync("body");
                context.Response.AppendTrailer("x-sum", "4");
            },
            HttpProtocols.Http2);
        await using TestAgent agent = await TestAgent.StartAsync([orders.Uri], [("Mesh:Services:orders:Transport:HttpVersion", "2")]);
        using HttpClient client = agent.Direct(HttpVersion.Version20);

        using HttpResponseMessage answer = await client.GetAsync(new Uri("http://orders/"), TestContext.Current.CancellationToken);

        Assert.Equal("body", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("4", answer.TrailingHeaders.GetValues("x-sum").Single());
    }

    [Fact]
    public async Task Trailers_OfAChunkedResponse_CrossToHttp2()
    {
        await using var orders = RawUpstream.Start(static _ => "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: x-sum\r\n\r\n4\r\nbody\r\n0\r\nx-sum: 4\r\n\r\n");
        await using TestAgent agent = await TestAgent.StartAsync([orders.Uri]);
        using HttpClient client = agent.Direct(HttpVersion.Version20);

        using HttpResponseMessage answer = await client.GetAsync(new Uri("http://orders/"), TestContext.Current.CancellationToken);

        Assert.Equal("body", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("4", answer.TrailingHeaders.GetValues("x-sum").Single());
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("POST")]
    public async Task Expectation_ThatTheServiceRefuses_SendsNoBody(string method)
    {
        // It answers without reading.
        string expect = "";
        await using Upstream orders = await Upstream.StartAsync(context =>
        {
            expect = $"{context.Request.Headers.Expect}";
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return Task.CompletedTask;
        });
        await using TestAgent agent = await TestAgent.StartAsync([orders.Uri]);
        using RawConnection connection = await agent.ConnectAsync();
        await connection.SendAsync($"{method} / HTTP/1.1\r\nHost: orders\r\nContent-Length: 5000\r\nExpect: 100-continue\r\n\r\n");

        string answer = await connection.ReadUntilAsync("\r\n");

        Assert.Equal(("HTTP/1.1 413 Payload Too Large\r\n", "100-continue"), (answer, expect));
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("POST")]
    public async Task Expectation_ThatTheServiceMeets_LetsTheBodyGo(string method)
    {
        await using Upstream orders = await Upstream.StartAsync(static async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            await context.Response.WriteAsync(await reader.ReadToEndAsync(context.RequestAborted), context.RequestAborted);
        });
        await using TestAgent agent = await TestAgent.StartAsync([orders.Uri]);
        using RawConnection connection = await agent.ConnectAsync();
        await connection.SendAsync($"{method} / HTTP/1.1\r\nHost: orders\r\nContent-Length: 5\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n");

        Assert.Equal("HTTP/1.1 100 Continue\r\n\r\n", await connection.ReadUntilAsync("\r\n\r\n"));
        await connection.SendAsync("hello");
        string answer = await connection.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("hello", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.1", true)]
    [InlineData("1.1", false)]
    [InlineData("2.0", false)]
    public async Task Upload_OfAHundredMegabytes_IsNotKept(string version, bool knowsLength)
    {
        const long Length = 100 * Megabyte;
        var memory = new MemoryWatch();
        await using Upstream orders = await Upstream.StartAsync(async context =>
        {
            await context.Response.WriteAsync($"{await memory.DrainAsync(context.Request.Body)}", context.RequestAborted);
        });
        await using TestAgent agent = await TestAgent.StartAsync([orders.Uri]);
        using HttpClient client = agent.Direct(Version.Parse(version));

        using HttpResponseMessage answer = await client.PostAsync(new Uri("http://orders/"), new EndlessContent(Length, knowsLength), TestContext.Current.CancellationToken);

        Assert.Equal($"{Length}", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.InRange(memory.Most, 0, 20 * Megabyte);
    }

    [Theory]
    [InlineData("1.1", true)]
    [InlineData("1.1", false)]
    [InlineData("2.0", false)]
    public async Task Download_OfAHundredMegabytes_IsNotKept(string version, bool knowsLength)
    {
        const long Length = 100 * Megabyte;
        var memory = new MemoryWatch();
        await using Upstream orders = await Upstream.StartAsync(async context =>
        {
            context.Response.ContentLength = knowsLength ? Length : null;
            await new EndlessContent(Length, knowsLength).CopyToAsync(context.Response.Body, context.RequestAborted);
        });
        await using TestAgent agent = await TestAgent.StartAsync([orders.Uri]);
        using HttpClient client = agent.Direct(Version.Parse(version));

        using HttpResponseMessage answer = await client.GetAsync(new Uri("http://orders/"), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

        Assert.Equal(Length, await memory.DrainAsync(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken)));
        Assert.InRange(memory.Most, 0, 20 * Megabyte);
    }

    [Fact]
    public async Task Response_ThatBreaksOff_BreaksOffHereToo()
    {
        await using var closing = new ClosingUpstream("HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\npart");
        await using TestAgent agent = await TestAgent.StartAsync([closing.Uri]);
        using RawConnection connection = await agent.ConnectAsync();

        await connection.SendAsync("GET / HTTP/1.1\r\nHost: orders\r\n\r\n");
        string answer = await connection.ReadUntilAsync("part");

        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("Content-Length: 200000\r\n", answer, StringComparison.Ordinal);
        closing.Close();
        Assert.Equal("", await connection.ReadToEndAsync());
    }

    [Fact]
    public async Task Program_ThatGoesAway_EndsTheCallAtTheService()
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Upstream orders = await Upstream.StartAsync(async context =>
        {
            await context.Response.WriteAsync("first", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            using CancellationTokenRegistration end = context.RequestAborted.Register(gone.SetResult);
            await gone.Task;
        });
        await using TestAgent agent = await TestAgent.StartAsync([orders.Uri]);
        using (RawConnection connection = await agent.ConnectAsync())
        {
            await connection.SendAsync("GET / HTTP/1.1\r\nHost: orders\r\n\r\n");
            await connection.ReadUntilAsync("first");
        }

        await gone.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }
}
