using System.Net.WebSockets;
using Mesh.Client.AspNetCore.Tests.Lifecycle;
using Mesh.Client.Tests.Waiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Mesh.Client.AspNetCore.Tests.Draining;

/// <summary>What a client sees of a drain, byte for byte.</summary>
public sealed class DrainOnTheWireTests
{
    [Fact]
    public async Task Http11_WhileDraining_IsAnsweredWithCloseAndClosed()
    {
        await using InstanceApp app = await new InstanceApp(map: static a => a.MapGet("/cleared", static (HttpContext c) =>
        {
            c.Response.Clear();
            return "cleared";
        })).RegisteredAsync();
        using WireClient busy = await WireClient.ConnectAsync(app.Url);
        using WireClient other = await WireClient.ConnectAsync(app.Url);
        using WireClient idle = await WireClient.ConnectAsync(app.Url);
        Assert.All([await busy.GetAsync("/"), await other.GetAsync("/"), await idle.GetAsync("/")], static r => Assert.DoesNotContain("Connection:", r, StringComparison.Ordinal));

        Task stop = app.App.StopAsync(TestContext.Current.CancellationToken);
        await Until.HoldsAsync(() => app.Registry.Deregistered.Length == 1);
        string answer = await busy.GetAsync("/");
        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Contains("Connection: close", answer, StringComparison.Ordinal);
        Assert.Contains("here", answer, StringComparison.Ordinal);
        Assert.True(await busy.IsClosedAsync());
        Assert.Contains("Connection: close", await other.GetAsync("/cleared"), StringComparison.Ordinal);

        // One that is idle might have a request on its way: it is closed when the server stops, after the drain.
        Assert.True(idle.IsIdle);
        await app.FinishAsync(stop);
        Assert.True(await idle.IsClosedAsync());
    }

    [Fact]
    public async Task WebSocket_WhileDraining_IsStillAccepted()
    {
        await using InstanceApp app = await new InstanceApp(map: static a =>
        {
            a.UseWebSockets();
            a.MapGet("/socket", static async (HttpContext c) =>
            {
                using WebSocket socket = await c.WebSockets.AcceptWebSocketAsync();
            });
        }).RegisteredAsync();
        Task stop = app.App.StopAsync(TestContext.Current.CancellationToken);
        await Until.HoldsAsync(() => app.Registry.Deregistered.Length == 1);
        using WireClient wire = await WireClient.ConnectAsync(app.Url);
        string answer = await wire.GetAsync("/socket", "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");

        Assert.StartsWith("HTTP/1.1 101", answer, StringComparison.Ordinal);
        Assert.Contains("Connection: Upgrade", answer, StringComparison.Ordinal);
        await app.FinishAsync(stop);
    }

    [Fact]
    public async Task Http2_WhileDraining_GetsGoAwayAndFinishesItsStreams()
    {
        var inside = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        await using InstanceApp app = await new InstanceApp(protocols: HttpProtocols.Http2, map: a => a.MapGet("/slow", async () =>
        {
            inside.SetResult();
            await release.Task;
            return "done";
        })).RegisteredAsync();
        using WireClient wire = await WireClient.ConnectAsync(app.Url);
        await wire.BeginHttp2Async();
        await wire.SendGetAsync(1, "/");
        Assert.DoesNotContain(await wire.ReadUntilAsync(static f => f is { Stream: 1, EndsStream: true }), static f => f.IsGoAway);
        await wire.SendGetAsync(3, "/slow");
        await inside.Task;

        Task stop = app.App.StopAsync(TestContext.Current.CancellationToken);
        await Until.HoldsAsync(() => app.Registry.Deregistered.Length == 1);
        await wire.SendGetAsync(5, "/");
        List<WireFrame> frames = await wire.ReadUntilAsync(static f => f is { Stream: 5, EndsStream: true });
        if (!frames.Exists(static f => f.IsGoAway))
        {
            frames.AddRange(await wire.ReadUntilAsync(static f => f.IsGoAway));
        }

        // NO_ERROR, and a last stream that leaves none out which is on its way.
        Assert.Equal([0x7F, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0], frames.First(static f => f.IsGoAway).Payload);
        release.SetResult();
        frames = await wire.ReadUntilAsync(static f => f is { Stream: 3, EndsStream: true });
        Assert.Contains(frames, static f => f is { Type: WireFrame.Data, Stream: 3 } && "done"u8.SequenceEqual(f.Payload));

        // Then the server says which stream was the last and ends the connection; a reset may overtake that, when nothing is left to lose.
        List<WireFrame> rest = await wire.ReadToEndAsync();
        Assert.All(rest.Where(static f => f.IsGoAway), static f => Assert.Equal([0, 0, 0, 5, 0, 0, 0, 0], f.Payload));
        Assert.DoesNotContain(rest, static f => f.Type is WireFrame.Data or WireFrame.Headers);
        await app.FinishAsync(stop);
    }
}
