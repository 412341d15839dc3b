using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;

namespace Mesh.Faults.Tests;

/// <summary>Says back what it hears, or answers each chunk with bytes of the test's own.</summary>
internal sealed class EchoServer(string? answer = null) : TcpServer
{
    private int _ended;

    /// <summary>What it heard.</summary>
    public ConcurrentQueue<string> Heard { get; } = [];

    /// <summary>How many clients have said all.</summary>
    public int Ended => Volatile.Read(ref _ended);

    protected override async Task ServeAsync(Socket connection, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[16 * 1024];
        for (int read; (read = await connection.ReceiveAsync(buffer, cancellationToken)) > 0;)
        {
            Heard.Enqueue(Encoding.Latin1.GetString(buffer, 0, read));
            await connection.SendAsync(answer is null ? buffer.AsMemory(0, read) : Encoding.Latin1.GetBytes(answer), cancellationToken);
        }

        Interlocked.Increment(ref _ended);
    }
}
