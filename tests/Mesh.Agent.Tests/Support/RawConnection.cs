using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Mesh.Agent.Tests.Support;

/// <summary>A connection that sends what it is told, byte for byte.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _one = new byte[1];

    public static async Task<RawConnection> OpenAsync(int port)
    {
        var connection = new RawConnection();
        await connection._socket.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        return connection;
    }

    public async Task SendAsync(string text) => await _socket.SendAsync(Encoding.Latin1.GetBytes(text), TestContext.Current.CancellationToken);

    /// <summary>Sends a request without a body and reads all that comes until the other side closes.</summary>
    public async Task<string> AskAsync(string requestLine, params string[] headers)
    {
        await SendAsync($"{requestLine}\r\n{string.Concat(headers.Select(static h => $"{h}\r\n"))}Connection: close\r\n\r\n");
        return await ReadToEndAsync();
    }

    /// <summary>Reads up to and including a text, or to the end.</summary>
    public async Task<string> ReadUntilAsync(string end)
    {
        var text = new StringBuilder();
        while (!EndsWith(text, end) && await _socket.ReceiveAsync(_one, TestContext.Current.CancellationToken) == 1)
        {
            text.Append((char)_one[0]);
        }

        return text.ToString();
    }

    /// <summary>Reads all that comes until the other side closes, in whatever way.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var text = new StringBuilder();
        byte[] buffer = new byte[4096];
        try
        {
            while (await _socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken) is var read and > 0)
            {
                text.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.ConnectionReset)
        {
        }

        return text.ToString();
    }

    public void Dispose() => _socket.Dispose();

    private static bool EndsWith(StringBuilder text, string end) => text.Length >= end.Length && text.ToString(text.Length - end.Length, end.Length) == end;
}
