using System.Buffers.Binary;
using System.Net.Sockets;
using Mesh.IntegrationTests.Wire.Servers;

namespace Mesh.IntegrationTests.Grpc.Support;

/// <summary>Answers the first call of each connection with a GOAWAY and nothing else, in frames written by hand: no server's library lets one say which stream was the last.</summary>
internal sealed class GoawayServer : IAsyncDisposable
{
    private const int FrameHead = 9;
    private const int Preface = 24;
    private const byte Headers = 1;
    private const byte Settings = 4;
    private const byte Ack = 1;

    private readonly bool _processed;
    private readonly bool _atOnce;
    private readonly SocketServer _server;
    private int _calls;

    /// <param name="processed">Whether the call may have been processed, by its stream's being the last; else the last is one before it.</param>
    /// <param name="atOnce">Whether the GOAWAY comes before there is a call.</param>
    public GoawayServer(bool processed, bool atOnce = false)
    {
        _processed = processed;
        _atOnce = atOnce;
        _server = new SocketServer(ServeAsync);
    }

    public string Address => $"http://{_server.Endpoint.Authority}";

    public int Connections => _server.Connections;

    /// <summary>The calls that came, each time that they came.</summary>
    public int Calls => Volatile.Read(ref _calls);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ServeAsync(Socket socket, CancellationToken end)
    {
        using var stream = new NetworkStream(socket);
        byte[] head = new byte[Preface];
        try
        {
            await stream.ReadExactlyAsync(head, end);
            await stream.WriteAsync(Frame(Settings, 0), end);
            if (_atOnce)
            {
                await stream.WriteAsync(Goaway(0), end);
            }

            while (true)
            {
                await stream.ReadExactlyAsync(head.AsMemory(0, FrameHead), end);
                await stream.ReadExactlyAsync(new byte[(head[0] << 16) | (head[1] << 8) | head[2]], end);
                if (head[3] == Settings && head[4] != Ack)
                {
                    await stream.WriteAsync(Frame(Settings, Ack), end);
                }
                else if (head[3] == Headers)
                {
                    Interlocked.Increment(ref _calls);
                    int id = BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5));
                    await stream.WriteAsync(Goaway(_processed ? id : Math.Max(0, id - 2)), end);
                    socket.Shutdown(SocketShutdown.Send);
                }
            }
        }
        catch (IOException)
        {
            // The other side has gone.
        }
    }

    // NO_ERROR, as of a server that goes away in good order.
    private static byte[] Goaway(int last)
    {
        byte[] frame = new byte[FrameHead + 8];
        frame[2] = 8;
        frame[3] = 7;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(FrameHead), last);
        return frame;
    }

    private static byte[] Frame(byte type, byte flags) => [0, 0, 0, type, flags, 0, 0, 0, 0];
}
