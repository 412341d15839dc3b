using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Mesh.Agent.Tests.Support;

/// <summary>An instance that answers the first request of a connection with a text, and closes it when it is told.</summary>
internal sealed class ClosingUpstream : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly string _answer;
    private readonly Task _accepting;
    private readonly TaskCompletionSource _close = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ClosingUpstream(string answer)
    {
        _answer = answer;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Uri => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>Closes the connection.</summary>
    public void Close() => _close.SetResult();

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                using Socket socket = await _listener.AcceptSocketAsync(_end.Token);
                await socket.ReceiveAsync(buffer, _end.Token);
                await socket.SendAsync(Encoding.Latin1.GetBytes(_answer), _end.Token);
                await _close.Task.WaitAsync(_end.Token);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // The test is over.
        }
    }
}
