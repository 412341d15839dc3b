using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Mesh.Client.Model;

namespace Mesh.IntegrationTests.Wire.Servers;

/// <summary>
/// A TCP server that speaks just enough HTTP/1.1 to fail in the middle of it, and that knows of each request, by the path in its request line,
/// how many times it arrived with at least one byte.
/// </summary>
internal sealed class FaultServer : IAsyncDisposable
{
    // More than any head of these tests, so that a fault strikes in the head, in the body or after both.
    private const int MaxRead = 400;

    private static readonly byte[] s_answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray();

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<string, int> _arrivals;
    private readonly ConcurrentDictionary<Fault, int> _faults = new();
    private readonly Random _random;
    private readonly Task _accepting;

    /// <param name="arrivals">Where arrivals are counted, shared by the endpoints of a service.</param>
    /// <param name="random">Chooses the faults; safe for many threads.</param>
    public FaultServer(ConcurrentDictionary<string, int> arrivals, Random random)
    {
        _arrivals = arrivals;
        _random = random;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(512);
        Endpoint = new MeshEndpoint("127.0.0.1", ((IPEndPoint)_listener.LocalEndPoint!).Port);
        _accepting = AcceptAsync();
    }

    public MeshEndpoint Endpoint { get; }

    /// <summary>How often a fault was committed.</summary>
    public int Count(Fault fault) => _faults.GetValueOrDefault(fault);

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
                _ = ServeAsync(await _listener.AcceptAsync(_end.Token));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
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
            for (bool goOn = true; goOn && await NoteAsync(socket, buffer);)
            {
                Fault fault = Draw();
                goOn = await CommitAsync(fault, socket, buffer);
                _faults.AddOrUpdate(fault, 1, static (_, count) => count + 1);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The other side has gone, or the test is over.
        }
    }

    private Fault Draw() => _random.Next(20) switch
    {
        < 12 => Fault.None,
        < 14 => Fault.CloseAfterAnswer,
        < 16 => Fault.Reset,
        < 18 => Fault.HalfClose,
        _ => Fault.Close,
    };

    // Peeks at the request line without taking it, so that also a request of which one byte is read is counted under its name.
    private async Task<bool> NoteAsync(Socket socket, byte[] buffer)
    {
        while (true)
        {
            int seen = await socket.ReceiveAsync(buffer, SocketFlags.Peek, _end.Token);
            if (seen == 0)
            {
                return false;
            }

            int end = buffer.AsSpan(0, seen).IndexOf((byte)'\r');
            if (end >= 0)
            {
                string path = Encoding.ASCII.GetString(buffer, 0, end).Split(' ')[1];
                _arrivals.AddOrUpdate(path, 1, static (_, count) => count + 1);
                return true;
            }

            await Task.Yield();
        }
    }

    private async Task<bool> CommitAsync(Fault fault, Socket socket, byte[] buffer)
    {
        if (fault is Fault.None or Fault.CloseAfterAnswer)
        {
            await ReadRequestAsync(socket, buffer);
            await socket.SendAsync(s_answer, _end.Token);
            return fault is Fault.None;
        }

        await socket.ReceiveAsync(buffer.AsMemory(0, 1 + _random.Next(MaxRead)), _end.Token);
        switch (fault)
        {
            case Fault.Reset:
                socket.LingerState = new LingerOption(true, 0);
                socket.Close();
                break;
            case Fault.HalfClose:
                socket.Shutdown(SocketShutdown.Send);
                while (await socket.ReceiveAsync(buffer, _end.Token) > 0)
                {
                    // Until the client has seen it and lets go.
                }

                break;
        }

        return false;
    }

    private async Task ReadRequestAsync(Socket socket, byte[] buffer)
    {
        int read = 0;
        while (true)
        {
            int more = await socket.ReceiveAsync(buffer.AsMemory(read), _end.Token);
            if (more == 0)
            {
                throw new SocketException((int)SocketError.ConnectionReset);
            }

            read += more;
            int headEnd = buffer.AsSpan(0, read).IndexOf("\r\n\r\n"u8);
            if (headEnd >= 0 && read >= headEnd + 4 + BodyLength(Encoding.ASCII.GetString(buffer, 0, headEnd)))
            {
                return;
            }
        }
    }

    private static int BodyLength(string head)
    {
        const string Name = "\r\nContent-Length: ";
        int start = head.IndexOf(Name, StringComparison.OrdinalIgnoreCase);
        return start < 0 ? 0 : int.Parse(head[(start + Name.Length)..].Split('\r')[0], CultureInfo.InvariantCulture);
    }
}
