using System.Net;
using Mesh.Client;
using Mesh.Client.Model;
using Mesh.Client.Testing;
using Mesh.Client.Tests.Waiting;
using Mesh.IntegrationTests.Wire.Servers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Mesh.IntegrationTests.Wire;

/// <summary>Bodies that are long, late, cut off or not there at all.</summary>
[Collection(typeof(OnTheWire))]
public sealed class StreamingTests
{
    private const int Large = 64 * 1024 * 1024;
    private const int Glance = Large / 8;

    private static readonly TimeSpan s_beyondTimeout = TimeSpan.FromMinutes(2);

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_BodyThatOutlivesTimeout_IsNotCut()
    {
        TaskCompletionSource goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using RealServer server = await RealServer.StartAsync(async context =>
        {
            await context.Response.WriteAsync("early ");
            await context.Response.Body.FlushAsync();
            await goOn.Task;
            await context.Response.WriteAsync("late");
        });
        var clock = new ManualTimeProvider();
        using var mesh = new WireMesh([server.Endpoint], clock: clock);

        using HttpResponseMessage response = await mesh.Client.GetAsync("x", HttpCompletionOption.ResponseHeadersRead, Ended);
        Assert.Equal(1, mesh.Balancer.InFlight);
        clock.Advance(s_beyondTimeout);
        goOn.SetResult();

        Assert.Equal("early late", await response.Content.ReadAsStringAsync(Ended));
        Assert.Equal(0, mesh.Balancer.InFlight);
    }

    [Fact]
    public async Task Get_HeadersThatOutliveTimeout_IsCut()
    {
        await using RealServer server = await RealServer.StartAsync(Hanging.AnswerAsync);
        var clock = new ManualTimeProvider();
        using var mesh = new WireMesh([server.Endpoint], clock: clock);

        Task<HttpResponseMessage> call = mesh.Client.GetAsync("x", HttpCompletionOption.ResponseHeadersRead, Ended);
        await Until.HoldsAsync(() =>
        {
            clock.Advance(s_beyondTimeout / 100);
            return call.IsCompleted;
        });

        MeshException error = await Assert.ThrowsAsync<MeshException>(() => call);
        Assert.True(error.Error is MeshError.Timeout or MeshError.AttemptTimeout, error.Message);
        Assert.Equal(0, mesh.Balancer.InFlight);
    }

    [Fact]
    public async Task Read_LargeBody_NeedsLittleMemory()
    {
        byte[] block = new byte[64 * 1024];
        await using RealServer server = await RealServer.StartAsync(async context =>
        {
            for (int sent = 0; sent < Large; sent += block.Length)
            {
                await context.Response.Body.WriteAsync(block);
            }
        });
        using var mesh = new WireMesh([server.Endpoint]);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long most = long.MinValue;
        long read = 0;

        using HttpResponseMessage response = await mesh.Client.GetAsync("x", HttpCompletionOption.ResponseHeadersRead, Ended);
        await using (Stream stream = await response.Content.ReadAsStreamAsync(Ended))
        {
            byte[] buffer = new byte[64 * 1024];
            for (int count; (count = await stream.ReadAsync(buffer, Ended)) > 0; read += count)
            {
                if ((read + count) / Glance != read / Glance)
                {
                    most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
                }
            }
        }

        Assert.Equal(Large, read);
        Assert.True(most < Large / 4, $"{most} bytes more at the most");
        Assert.Equal(0, mesh.Balancer.InFlight);
    }

    [Fact]
    public async Task Read_Http2BodyWithTrailers_ShowsThem()
    {
        await using RealServer server = await RealServer.StartAsync(
            async context =>
            {
                context.Response.DeclareTrailer("x-verdict");
                await context.Response.WriteAsync("body");
                context.Response.AppendTrailer("x-verdict", "fine");
            },
            HttpProtocols.Http2);

        await AssertTrailersAsync(server.Endpoint, "2");
    }

    [Fact]
    public async Task Read_ChunkedBodyWithTrailers_ShowsThem()
    {
        using var server = new RawServer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: x-verdict\r\n\r\n4\r\nbody\r\n0\r\nx-verdict: fine\r\n\r\n");

        await AssertTrailersAsync(server.Endpoint, "1.1");
    }

    [Theory]
    [InlineData(HttpProtocols.Http1, "1.1", true)]
    [InlineData(HttpProtocols.Http1, "1.1", false)]
    [InlineData(HttpProtocols.Http2, "2", true)]
    [InlineData(HttpProtocols.Http2, "2", false)]
    public async Task Read_BodyThatIsReset_ThrowsAndIsNoLongerInFlight(HttpProtocols protocols, string version, bool byStream)
    {
        TaskCompletionSource cut = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using RealServer server = await RealServer.StartAsync(
            async context =>
            {
                await context.Response.WriteAsync("half");
                await context.Response.Body.FlushAsync();
                await cut.Task;
                context.Abort();
            },
            protocols);
        using var mesh = new WireMesh([server.Endpoint], options => options.Transport.HttpVersion = version);

        using HttpResponseMessage response = await mesh.Client.GetAsync("x", HttpCompletionOption.ResponseHeadersRead, Ended);
        Assert.Equal(1, mesh.Balancer.InFlight);
        cut.SetResult();

        Exception error = await Assert.ThrowsAnyAsync<Exception>(() => byStream ? DrainAsync(response) : response.Content.ReadAsStringAsync(Ended));
        Assert.True(error is HttpRequestException or IOException, error.ToString());
        Assert.Equal(0, mesh.Balancer.InFlight);
        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task Dispose_BeforeTheEndOfTheBody_EndsTheCallAndItsConnection()
    {
        await using RealServer server = await RealServer.StartAsync(async context =>
        {
            await context.Response.WriteAsync("half");
            await context.Response.Body.FlushAsync();
            await Hanging.AnswerAsync(context);
        });
        using var mesh = new WireMesh([server.Endpoint]);

        HttpResponseMessage response = await mesh.Client.GetAsync("x", HttpCompletionOption.ResponseHeadersRead, Ended);
        Assert.Equal(1, mesh.Balancer.InFlight);
        response.Dispose();

        Assert.Equal(0, mesh.Balancer.InFlight);
        await Until.HoldsAsync(() => server.Connections == 0);
    }

    [Theory]
    [InlineData("HEAD", 200, 1_000_000L)]
    [InlineData("GET", 204, null)]
    [InlineData("GET", 304, null)]
    public async Task Send_WhatHasNoBody_EndsAtItsHeaders(string method, int status, long? length)
    {
        await using RealServer server = await RealServer.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentLength = length;
            context.Response.Headers.ETag = "\"1\"";
            return Task.CompletedTask;
        });
        using var mesh = new WireMesh([server.Endpoint]);
        for (int i = 0; i < 3; i++)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), "x");
            using HttpResponseMessage response = await mesh.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ended);

            Assert.Equal(0, mesh.Balancer.InFlight);
            Assert.Equal((HttpStatusCode)status, response.StatusCode);
            Assert.Equal("\"1\"", response.Headers.ETag?.Tag);
            Assert.Equal(length ?? 0, response.Content.Headers.ContentLength ?? 0);
            Assert.Empty(await response.Content.ReadAsByteArrayAsync(Ended));
        }

        Assert.Equal(1, server.ConnectionsMade);
    }

    private static async Task AssertTrailersAsync(MeshEndpoint endpoint, string version)
    {
        using var mesh = new WireMesh([endpoint], options => options.Transport.HttpVersion = version);

        using HttpResponseMessage response = await mesh.Client.GetAsync("x", HttpCompletionOption.ResponseHeadersRead, Ended);

        Assert.Equal("body", await response.Content.ReadAsStringAsync(Ended));
        Assert.Equal(["fine"], response.TrailingHeaders.GetValues("x-verdict"));
        Assert.Equal(0, mesh.Balancer.InFlight);
    }

    private static async Task<string> DrainAsync(HttpResponseMessage response)
    {
        await using Stream stream = await response.Content.ReadAsStreamAsync(Ended);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(Ended);
    }
}
