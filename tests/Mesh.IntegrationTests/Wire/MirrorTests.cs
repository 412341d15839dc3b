using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Mesh.Client.Model;
using Mesh.Client.Options;
using Mesh.Client.Tests.Waiting;
using Mesh.IntegrationTests.Wire.Servers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Mesh.IntegrationTests.Wire;

/// <summary>Copies of calls, beside calls over real connections.</summary>
[Collection(typeof(OnTheWire))]
public sealed class MirrorTests
{
    private const int Body = 48 * 1024;

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(HttpProtocols.Http1)]
    [InlineData(HttpProtocols.Http2)]
    public async Task Post_StreamedBody_ArrivesWholeAtBoth(HttpProtocols protocols)
    {
        var seen = new ConcurrentQueue<(string Host, string? Trace, byte[] Body)>();
        await using RealServer main = await RealServer.StartAsync(async context => await (await ReadAsync(context)).CopyToAsync(context.Response.Body), protocols);
        await using RealServer shadow = await RealServer.StartAsync(
            async context => seen.Enqueue((context.Request.Host.Value!, context.Request.Headers.TraceParent, (await ReadAsync(context)).ToArray())),
            protocols);
        using WireMesh mesh = Mirrored(main, shadow.Endpoint, protocols, maxActive: 100);
        byte[] sent = new byte[Body];
        Random.Shared.NextBytes(sent);
        using Activity activity = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();

        for (int i = 0; i < 20; i++)
        {
            // A length that is known, and a stream that can be read once.
            using var content = new StreamContent(new SlowStream(sent));
            content.Headers.ContentLength = Body;
            using HttpResponseMessage response = await mesh.Client.PostAsync("x", content, Ended);
            Assert.Equal(sent, await response.Content.ReadAsByteArrayAsync(Ended));
        }

        await Until.HoldsAsync(() => seen.Count == 20 && mesh.Balancer.InFlight == 0);
        Assert.All(seen, s =>
        {
            Assert.Equal("orders-shadow", s.Host);
            Assert.Equal(sent, s.Body);
            Assert.Contains(activity.TraceId.ToHexString(), s.Trace, StringComparison.Ordinal);
        });
        Assert.Equal(20, main.Requests);
    }

    [Theory]
    [InlineData("hanging")]
    [InlineData("dead")]
    public async Task Post_ShadowThatNeverAnswers_IsNotFelt(string kind)
    {
        await using RealServer main = await RealServer.StartAsync(async context => await (await ReadAsync(context)).CopyToAsync(context.Response.Body));
        await using RealServer shadow = await RealServer.StartAsync(Hanging.AnswerAsync);
        var target = new MeshEndpoint("127.0.0.1", shadow.Port);
        if (kind == "dead")
        {
            await shadow.KillAsync();
        }

        int calls = Environment.GetEnvironmentVariable("MESH_LONG") == "1" ? 10_000 : 1_000;
        using (WireMesh mesh = Mirrored(main, target, HttpProtocols.Http1, maxActive: 8))
        {
            byte[] sent = new byte[Body];
            await CallAsync(100);
            long before = GC.GetTotalMemory(forceFullCollection: true);

            await CallAsync(calls);

            Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 16 * 1024 * 1024);
            Assert.Equal(calls + 100, main.Requests);
            await Until.HoldsAsync(() => mesh.Balancer.InFlight <= 8);

            async Task CallAsync(int count)
            {
                for (int i = 0; i < count; i++)
                {
                    using HttpResponseMessage response = await mesh.Client.PostAsync("x", new ByteArrayContent(sent), Ended);
                    Assert.Equal((HttpStatusCode.OK, Body), (response.StatusCode, (await response.Content.ReadAsByteArrayAsync(Ended)).Length));
                }
            }
        }

        // With the mesh the copies end too.
        await Until.HoldsAsync(() => shadow.Connections == 0);
    }

    private static WireMesh Mirrored(RealServer main, MeshEndpoint shadow, HttpProtocols protocols, int maxActive)
    {
        var mesh = new WireMesh([main.Endpoint], configure: options =>
        {
            options.Transport.HttpVersion = protocols is HttpProtocols.Http2 ? "2" : "";
            options.Routes.Add(new RouteRuleOptions { Name = "r", Mirror = new MirrorOptions { Service = "shadow", MaxActive = maxActive } });
        });
        mesh.Registry.Set("shadow", shadow);
        return mesh;
    }

    private static async Task<MemoryStream> ReadAsync(HttpContext context)
    {
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, Ended);
        body.Position = 0;
        return body;
    }

    /// <summary>Gives a little at a time.</summary>
    private sealed class SlowStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            return await base.ReadAsync(buffer[..Math.Min(buffer.Length, 5_000)], cancellationToken);
        }
    }
}
