using System.Net;
using System.Net.Sockets;

namespace Mesh.Chaos.Soak;

/// <summary>Answers each request of HTTP/1.1 that comes in one piece, with as little of its own as can be: what is measured is the mesh.</summary>
internal sealed class TinyServer : IAsyncDisposable
{
    private static readonly byte[] s_answer = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nwell"u8.ToArray();

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _accepting;
    private int _connections;

    public TinyServer()
    {
        _listener.Start(512);
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Those that are open.</summary>
    public int Connections => _connections;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptSocketAsync(_end.Token));
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    private async Task ServeAsync(Socket connection)
    {
        Interlocked.Increment(ref _connections);
        using Socket socket = connection;
        byte[] buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer, _end.Token) > 0)
            {
                await socket.SendAsync(s_answer, _end.Token);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException)
        {
            // The other side has gone, or the run is over.
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }
    }
}
