using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Mesh.Client.AspNetCore.Tests.Draining;

/// <summary>A connection to an application, byte for byte.</summary>
internal sealed class WireClient : IDisposable
{
    private readonly TcpClient _client = new();
    private NetworkStream _stream = null!;

    public static async Task<WireClient> ConnectAsync(Uri url)
    {
        var wire = new WireClient();
        await wire._client.ConnectAsync(url.Host, url.Port, TestContext.Current.CancellationToken);
        wire._stream = wire._client.GetStream();
        return wire;
    }

    /// <summary>Sends GET and reads the whole response, whose body is chunked or of a stated length.</summary>
    public async Task<string> GetAsync(string path, string headers = "")
    {
        await _stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: orders\r\n{headers}\r\n"), TestContext.Current.CancellationToken);
        var text = new StringBuilder();
        byte[] one = new byte[1];
        while (!IsWhole(text.ToString()) && await _stream.ReadAsync(one, TestContext.Current.CancellationToken) == 1)
        {
            text.Append((char)one[0]);
        }

        return text.ToString();
    }

    /// <summary>Whether the other side has closed; waits until it has or sends something.</summary>
    public async Task<bool> IsClosedAsync() => await _stream.ReadAsync(new byte[1], TestContext.Current.CancellationToken) == 0;

    /// <summary>Whether the connection is open and silent at this moment.</summary>
    public bool IsIdle => !_client.Client.Poll(0, SelectMode.SelectRead);

    public async Task BeginHttp2Async()
    {
        await _stream.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        await SendAsync(new WireFrame(WireFrame.Settings, 0, 0, []));
    }

    /// <summary>GET as HPACK's static table says it; the path is a literal.</summary>
    public Task SendGetAsync(int stream, string path) =>
        SendAsync(new WireFrame(WireFrame.Headers, 0x5, stream, [0x82, 0x86, 0x04, (byte)path.Length, .. Encoding.ASCII.GetBytes(path), 0x41, 6, .. "orders"u8]));

    /// <summary>The next frame; <see langword="null"/> at the end of the connection.</summary>
    public async Task<WireFrame?> ReadFrameAsync()
    {
        byte[] header = new byte[9];
        if (await _stream.ReadAtLeastAsync(header, 9, throwOnEndOfStream: false, TestContext.Current.CancellationToken) < 9)
        {
            return null;
        }

        byte[] payload = new byte[(header[0] << 16) | (header[1] << 8) | header[2]];
        await _stream.ReadExactlyAsync(payload, TestContext.Current.CancellationToken);
        return new WireFrame(header[3], header[4], BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(5)), payload);
    }

    /// <summary>Reads frames up to and including the first that fits.</summary>
    public async Task<List<WireFrame>> ReadUntilAsync(Func<WireFrame, bool> last)
    {
        var frames = new List<WireFrame>();
        while (await ReadFrameAsync() is { } frame)
        {
            frames.Add(frame);
            if (last(frame))
            {
                return frames;
            }
        }

        throw new EndOfStreamException($"The connection ended after {frames.Count} frames.");
    }

    /// <summary>Reads frames until the connection ends, in whatever way.</summary>
    public async Task<List<WireFrame>> ReadToEndAsync()
    {
        var frames = new List<WireFrame>();
        try
        {
            while (await ReadFrameAsync() is { } frame)
            {
                frames.Add(frame);
            }
        }
        catch (IOException error) when (error.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
        }

        return frames;
    }

    public void Dispose() => _client.Dispose();

    private async Task SendAsync(WireFrame frame)
    {
        byte[] bytes = [0, 0, (byte)frame.Payload.Length, frame.Type, frame.Flags, 0, 0, 0, 0, .. frame.Payload];
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(5), frame.Stream);
        await _stream.WriteAsync(bytes, TestContext.Current.CancellationToken);
    }

    private static bool IsWhole(string text)
    {
        int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0 || text.StartsWith("HTTP/1.1 101", StringComparison.Ordinal))
        {
            return end >= 0;
        }

        int length = text.IndexOf("Content-Length: ", StringComparison.Ordinal);
        return length >= 0
            ? text.Length - end - 4 >= int.Parse(text.AsSpan(length + 16, text.IndexOf('\r', length) - length - 16), System.Globalization.NumberStyles.None, null)
            : text.EndsWith("0\r\n\r\n", StringComparison.Ordinal);
    }
}
