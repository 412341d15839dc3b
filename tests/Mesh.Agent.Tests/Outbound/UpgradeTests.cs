using System.Net.WebSockets;
using System.Text;
using Mesh.Agent.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Mesh.Agent.Tests.Outbound;

/// <summary>Connections that become something else.</summary>
public sealed class UpgradeTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WebSocket_ThroughTheAgent_Echoes(bool http2)
    {
        await using Upstream orders = await Upstream.StartAsync(EchoAsync);
        await using TestAgent agent = await TestAgent.StartAsync([orders.Uri]);
        using HttpClient client = agent.Direct(http2 ? System.Net.HttpVersion.Version20 : null);
        using var socket = new ClientWebSocket();
        if (http2)
        {
            socket.Options.HttpVersion = System.Net.HttpVersion.Version20;
            socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        }

        await socket.ConnectAsync(new Uri("ws://orders/chat"), client, TestContext.Current.CancellationToken);
        byte[] buffer = new byte[100];
        foreach (string word in new[] { "one", "two" })
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes(word), WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);
            ValueWebSocketReceiveResult received = await socket.ReceiveAsync(buffer.AsMemory(), TestContext.Current.CancellationToken);
            Assert.Equal(word, Encoding.UTF8.GetString(buffer, 0, received.Count));
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", TestContext.Current.CancellationToken);
        Assert.Equal(WebSocketState.Closed, socket.State);
    }

    [Fact]
    public async Task Upgrade_ToAProtocolOfItsOwn_Crosses()
    {
        await using Upstream orders = await Upstream.StartAsync(static async context =>
        {
            IHttpUpgradeFeature upgrade = context.Features.GetRequiredFeature<IHttpUpgradeFeature>();
            Assert.Equal("shout", context.Request.Headers.Upgrade);
            context.Response.Headers.Upgrade = "shout";
            await using Stream stream = await upgrade.UpgradeAsync();
            byte[] buffer = new byte[100];
            int read = await stream.ReadAsync(buffer, context.RequestAborted);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(buffer, 0, read).ToUpperInvariant()), context.RequestAborted);
        });
        await using TestAgent agent = await TestAgent.StartAsync([orders.Uri]);
        using RawConnection connection = await agent.ConnectAsync();
        await connection.SendAsync("GET /x HTTP/1.1\r\nHost: orders\r\nConnection: Upgrade\r\nUpgrade: shout\r\n\r\n");

        string head = await connection.ReadUntilAsync("\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 101 Switching Protocols\r\n", head, StringComparison.Ordinal);
        Assert.Contains("Upgrade: shout\r\n", head, StringComparison.Ordinal);
        await connection.SendAsync("hello");
        Assert.Equal("HELLO", await connection.ReadToEndAsync());
    }

    private static async Task EchoAsync(HttpContext context)
    {
        var upgrade = context.Features.GetRequiredFeature<IHttpUpgradeFeature>();
        string key = context.Request.Headers.SecWebSocketKey.ToString();
        context.Response.Headers.Upgrade = "websocket";
        context.Response.Headers.SecWebSocketAccept = Accept(key);
        await using Stream stream = await upgrade.UpgradeAsync();
        using WebSocket socket = WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true });
        byte[] buffer = new byte[100];
        while (true)
        {
            ValueWebSocketReceiveResult received = await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted);
            if (received.MessageType is WebSocketMessageType.Close)
            {
                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", context.RequestAborted);
                return;
            }

            await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, context.RequestAborted);
        }
    }

#pragma warning disable CA5350 // RFC 6455, 4.2.2 asks for it.
    private static string Accept(string key) => Convert.ToBase64String(System.Security.Cryptography.SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
}
