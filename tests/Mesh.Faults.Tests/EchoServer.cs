using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Mesh.Faults.Tests;

/// <summary>Says back what it hears, or answers each chunk with bytes of the test's own.</summary>
internal sealed class EchoServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly string? _answer;
    private readonly Task _accepting;

    public EchoServer(string? answer = null)
    {
        _answer = answer;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What it heard.</summary>
    public ConcurrentQueue<string> Heard { get; } = [];

    /// <summary>How many clients have said all.</summary>
    public int Ended { get; private set; }

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
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket connection)
    {
        using Socket socket = connection;
        byte[] buffer = new byte[16 * 1024];
        try
        {
            for (int read; (read = await socket.ReceiveAsync(buffer, _end.Token)) > 0;)
            {
                Heard.Enqueue(Encoding.Latin1.GetString(buffer, 0, read));
                await socket.SendAsync(_answer is null ? buffer.AsMemory(0, read) : Encoding.Latin1.GetBytes(_answer), _end.Token);
            }

            Ended++;
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException)
        {
            // The other side has gone, or the test is over.
        }
    }
}
