using System.Buffers.Binary;
using Google.Protobuf;

namespace Mesh.IntegrationTests.Grpc.Support;

/// <summary>Messages as they go over the wire: a byte that says whether it is compressed, four of length, and the message.</summary>
internal static class GrpcFrame
{
    public const int PrefixSize = 5;

    /// <summary>A message with its prefix.</summary>
    public static byte[] Of(IMessage message)
    {
        int size = message.CalculateSize();
        byte[] frame = new byte[PrefixSize + size];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), size);
        message.WriteTo(frame.AsSpan(PrefixSize));
        return frame;
    }

    /// <summary>Reads one message.</summary>
    /// <returns>Its bytes; <see langword="null"/> at the end.</returns>
    /// <exception cref="InvalidDataException">The stream ended within it, or it is compressed.</exception>
    public static async ValueTask<byte[]?> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        byte[] prefix = new byte[PrefixSize];
        int read = await stream.ReadAtLeastAsync(prefix, PrefixSize, throwOnEndOfStream: false, cancellationToken);
        if (read == 0)
        {
            return null;
        }

        if (read < PrefixSize || prefix[0] != 0)
        {
            throw new InvalidDataException(read < PrefixSize ? "Incomplete message" : "Compressed message");
        }

        byte[] message = new byte[BinaryPrimitives.ReadInt32BigEndian(prefix.AsSpan(1))];
        read = await stream.ReadAtLeastAsync(message, message.Length, throwOnEndOfStream: false, cancellationToken);
        return read == message.Length ? message : throw new InvalidDataException("Incomplete message");
    }
}
