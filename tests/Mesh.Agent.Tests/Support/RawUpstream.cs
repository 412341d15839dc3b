using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Mesh.Agent.Tests.Support;

/// <summary>An instance that answers each head of a request with bytes of the test's own.</summary>
internal sealed class RawUpstream : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Func<string, string> _answer;
    private readonly Task _accepting;

    private RawUpstream(Func<string, string> answer)
    {
        _answer = answer;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Uri => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>What came, up to the end of each head.</summary>
    public ConcurrentQueue<string> Heads { get; } = new();

    /// <summary>Starts one.</summary>
    /// <param name="answer">The answer to a head; an empty one closes the connection.</param>
    public static RawUpstream Start(Func<string, string> answer) => new(answer);

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
        catch (Exception error) when (error is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket connection)
    {
        using Socket socket = connection;
        try
        {
            while (await ReadHeadAsync(socket) is { } head)
            {
                Heads.Enqueue(head);
                string answer = _answer(head);
                if (answer.Length == 0)
                {
                    return;
                }

                await socket.SendAsync(Encoding.Latin1.GetBytes(answer), _end.Token);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // The other side has gone, or the test is over.
        }
    }

    private async Task<string?> ReadHeadAsync(Socket socket)
    {
        var text = new StringBuilder();
        byte[] one = new byte[1];
        while (await socket.ReceiveAsync(one, _end.Token) == 1)
        {
            text.Append((char)one[0]);
            if (one[0] == '\n' && text.Length >= 4 && text.ToString(text.Length - 4, 4) == "\r\n\r\n")
            {
                return text.ToString();
            }
        }

        return null;
    }
}
