using System.Net;
using System.Net.Sockets;

namespace Mesh.Faults;

/// <summary>A server on a port of its own, which leaves what is said on a connection to whoever derives from it. The proxy stands in front of such ones.</summary>
public abstract class TcpServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _accepting;
    private int _connections;

    /// <summary>Listens. The fields of whoever derives are set by then, the body of its constructor has not run.</summary>
    /// <param name="backlog">How many connections may wait to be taken.</param>
    protected TcpServer(int backlog = 512)
    {
        _listener.Start(backlog);
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Those that are open.</summary>
    public int Connections => Volatile.Read(ref _connections);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _accepting;
        _listener.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Serves a connection to its end; it is closed afterwards. That the other side goes, or the server, is no error.</summary>
    protected abstract Task ServeAsync(Socket connection, CancellationToken cancellationToken);

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
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket connection)
    {
        Interlocked.Increment(ref _connections);
        using Socket socket = connection;
        try
        {
            await ServeAsync(socket, _end.Token);
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException)
        {
            // The other side has gone, or the test is over.
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }
    }
}
