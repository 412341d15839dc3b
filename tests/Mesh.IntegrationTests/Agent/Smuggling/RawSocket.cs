using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Mesh.IntegrationTests.Agent.Smuggling;

/// <summary>A connection that sends what it is told, byte for byte; a character is a byte.</summary>
internal sealed class RawSocket : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[16 * 1024];
    private byte[] _unread = [];

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    public static async Task<RawSocket> OpenAsync(int port)
    {
        var socket = new RawSocket();
        await socket._socket.ConnectAsync(IPAddress.Loopback, port, Ended);
        return socket;
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            while (bytes.Length > 0)
            {
                bytes = bytes[await _socket.SendAsync(bytes, Ended)..];
            }
        }
        catch (SocketException)
        {
            // It was closed on what came before, which is for the reader to see.
        }
    }

    /// <summary>Reads all that comes until the other side closes, in whatever way.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var text = new StringBuilder();
        while (await ReadSomeAsync() is { Length: > 0 } some)
        {
            text.Append(Encoding.Latin1.GetString(some));
        }

        return text.ToString();
    }

    /// <summary>Reads a number of bytes.</summary>
    /// <returns>Fewer where the connection ends.</returns>
    public async Task<byte[]> ReadAsync(int count)
    {
        while (_unread.Length < count && await ReadSomeAsync() is { Length: > 0 } some)
        {
            _unread = [.. _unread, .. some];
        }

        byte[] read = _unread[..Math.Min(count, _unread.Length)];
        _unread = _unread[read.Length..];
        return read;
    }

    public void Dispose() => _socket.Dispose();

    private async Task<byte[]> ReadSomeAsync()
    {
        try
        {
            return _buffer[..await _socket.ReceiveAsync(_buffer, Ended).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Ended)];
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.ConnectionReset)
        {
            return [];
        }
    }
}
