using System.Buffers.Binary;

namespace Mesh.Client.Probing;

/// <summary>Reads the answers of <c>grpc.health.v1.Health/Watch</c>, one after another.</summary>
internal sealed class HealthStream(Stream body)
{
    private readonly byte[] _buffer = new byte[HealthMessage.MaxReply];

    /// <summary>Waits for the next answer.</summary>
    /// <returns>Its status; <see langword="null"/> at the end.</returns>
    /// <exception cref="InvalidDataException">What came is no answer.</exception>
    public async ValueTask<int?> NextAsync(CancellationToken cancellationToken)
    {
        int begun = await body.ReadAtLeastAsync(_buffer.AsMemory(0, HealthMessage.Frame), HealthMessage.Frame, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (begun < HealthMessage.Frame)
        {
            return begun == 0 ? null : throw new InvalidDataException("An answer of Health/Watch broke off.");
        }

        uint length = BinaryPrimitives.ReadUInt32BigEndian(_buffer.AsSpan(1));
        if (length > _buffer.Length - HealthMessage.Frame)
        {
            throw new InvalidDataException($"Health/Watch answered with {length} bytes.");
        }

        int whole = HealthMessage.Frame + (int)length;
        await body.ReadExactlyAsync(_buffer.AsMemory(HealthMessage.Frame, (int)length), cancellationToken).ConfigureAwait(false);
        return HealthMessage.StatusOf(_buffer.AsSpan(0, whole)) ?? throw new InvalidDataException("Health/Watch answered with no message of health.");
    }
}
