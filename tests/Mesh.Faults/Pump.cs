using System.Net.Sockets;
using System.Threading.Channels;

namespace Mesh.Faults;

/// <summary>Carries the bytes of one direction. Reading goes on while what was read waits for its time, so that a delay does not cost throughput.</summary>
internal sealed class Pump(Socket from, Socket to, Flow flow, FaultState state)
{
    private const int Depth = 64;

    private readonly ShapedWriter _writer = new(to, flow, state);
    private readonly Channel<(long Due, byte[] Data)> _under = Channel.CreateBounded<(long Due, byte[] Data)>(Depth);

    /// <summary>Carries until the sender has said all.</summary>
    /// <returns>How the connection is to be broken off; <see cref="Ending.HalfClose"/> where this direction has ended and no more.</returns>
    public async Task<Ending> RunAsync(CancellationToken cancellationToken)
    {
        Task reading = ReadAsync(cancellationToken);
        await foreach ((long due, byte[] data) in _under.Reader.ReadAllAsync(cancellationToken))
        {
            await state.WaitAsync(TimeProvider.System.GetElapsedTime(TimeProvider.System.GetTimestamp(), due), cancellationToken);
            Ending ending = await _writer.WriteAsync(data, cancellationToken);
            if (ending is Ending.HalfClose)
            {
                break;
            }

            if (ending is not Ending.None)
            {
                return ending;
            }
        }

        to.Shutdown(SocketShutdown.Send);
        while (await _under.Reader.WaitToReadAsync(cancellationToken))
        {
            _under.Reader.TryRead(out _);
        }

        await reading;
        return Ending.HalfClose;
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[16 * 1024];
        try
        {
            while (true)
            {
                await state.PassAsync(cancellationToken);
                int read = await from.ReceiveAsync(buffer, cancellationToken);
                if (read == 0)
                {
                    _under.Writer.Complete();
                    return;
                }

                long due = TimeProvider.System.GetTimestamp() + (long)(_writer.Delay.TotalSeconds * TimeProvider.System.TimestampFrequency);
                await _under.Writer.WriteAsync((due, buffer.AsSpan(0, read).ToArray()), cancellationToken);
            }
        }
        catch (Exception error)
        {
            _under.Writer.TryComplete(error);
        }
    }
}
