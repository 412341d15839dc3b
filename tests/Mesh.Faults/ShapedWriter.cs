using System.Net.Sockets;

namespace Mesh.Faults;

/// <summary>Writes one direction of a connection as the fault in force lets it.</summary>
internal sealed class ShapedWriter(Socket to, Flow flow, FaultState state)
{
    private LinkFault _counted = LinkFault.None;
    private long _written;

    /// <summary>How much later what comes now is to arrive.</summary>
    public TimeSpan Delay
    {
        get
        {
            LinkFault fault = state.Link;
            return fault.Flow.HasFlag(flow) && (fault.Delay > TimeSpan.Zero || fault.Jitter > TimeSpan.Zero) ? fault.Delay + (fault.Jitter * state.NextDouble()) : TimeSpan.Zero;
        }
    }

    /// <summary>Writes without the delay.</summary>
    /// <returns>How the connection is to be broken off now.</returns>
    public async ValueTask<Ending> WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        while (data.Length > 0)
        {
            await state.PassAsync(cancellationToken);
            LinkFault fault = state.Link;
            if (!ReferenceEquals(fault, _counted))
            {
                _counted = fault;
                _written = 0;
            }

            if (!fault.Flow.HasFlag(flow))
            {
                await SendAsync(data, cancellationToken);
                return Ending.None;
            }

            if (fault.Ending is not Ending.None && _written >= fault.After)
            {
                return fault.Ending;
            }

            ReadOnlyMemory<byte> piece = data[..Size(fault, data.Length)];
            await SendAsync(Spoiled(piece, fault.CorruptRatio), cancellationToken);
            _written += piece.Length;
            data = data[piece.Length..];
            if (fault.BytesPerSecond > 0)
            {
                await state.WaitAsync(TimeSpan.FromSeconds((double)piece.Length / fault.BytesPerSecond), cancellationToken);
            }
        }

        // A fault after so many bytes strikes with the last of them, not with the next that may never come.
        LinkFault now = state.Link;
        return now.Ending is not Ending.None && now.Flow.HasFlag(flow) && ReferenceEquals(now, _counted) && _written >= now.After ? now.Ending : Ending.None;
    }

    private int Size(LinkFault fault, int length)
    {
        int size = fault.PieceSize > 0 ? Math.Min(length, fault.PieceSize) : length;

        // Pieces of a twentieth of a second, so that a bandwidth is even.
        size = fault.BytesPerSecond > 0 ? Math.Min(size, Math.Max(1, fault.BytesPerSecond / 20)) : size;
        return fault.Ending is Ending.None ? size : (int)Math.Min(size, fault.After - _written);
    }

    private ReadOnlyMemory<byte> Spoiled(ReadOnlyMemory<byte> piece, double ratio)
    {
        if (ratio <= 0)
        {
            return piece;
        }

        byte[] copy = piece.ToArray();
        for (int i = 0; i < copy.Length; i++)
        {
            if (state.NextDouble() < ratio)
            {
                copy[i] ^= (byte)(1 << (int)(state.NextDouble() * 8));
            }
        }

        return copy;
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        while (data.Length > 0)
        {
            data = data[await to.SendAsync(data, cancellationToken)..];
        }
    }
}
