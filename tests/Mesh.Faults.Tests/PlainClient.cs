using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Mesh.Faults.Tests;

/// <summary>A client that knows nothing of faults.</summary>
internal sealed class PlainClient : IDisposable
{
    private readonly TcpClient _client = new();
    private NetworkStream? _stream;

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    public Socket Socket => _client.Client;

    public static async Task<PlainClient> ConnectAsync(int port)
    {
        var client = new PlainClient();
        await client._client.ConnectAsync(IPAddress.Loopback, port, Ended);
        client._stream = client._client.GetStream();
        return client;
    }

    public ValueTask SayAsync(string text) => _stream!.WriteAsync(Encoding.Latin1.GetBytes(text), Ended);

    public ValueTask SayAsync(byte[] bytes) => _stream!.WriteAsync(bytes, Ended);

    /// <summary>Reads so many bytes, or fewer where the other side has said all.</summary>
    public async Task<byte[]> HearAsync(int count)
    {
        byte[] buffer = new byte[count];
        int read = await _stream!.ReadAtLeastAsync(buffer, count, throwOnEndOfStream: false, Ended).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Ended);
        return buffer[..read];
    }

    /// <summary>Reads the next piece, whatever its length.</summary>
    public async Task<int> HearPieceAsync() => await _stream!.ReadAsync(new byte[16 * 1024], Ended);

    public async Task<string> HearTextAsync(int count) => Encoding.Latin1.GetString(await HearAsync(count));

    public void Dispose() => _client.Dispose();
}
