using System.Buffers;
using System.Runtime.CompilerServices;

namespace Mesh.Client.Consul.Api;

/// <summary>Reads a body that may be of any length into a pooled buffer, up to a limit.</summary>
internal static class BoundedBody
{
    /// <summary>More than a hundred thousand instances of the usual size; what is longer is a mistake.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    private const int FirstBytes = 16 * 1024;

    /// <summary>Reads to the end.</summary>
    /// <returns>A buffer of the shared pool and the number of bytes in it; <see langword="null"/> where the body is longer than <see cref="MaxBytes"/>.</returns>
    public static async Task<(byte[] Buffer, int Length)?> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        long announced = content.Headers.ContentLength ?? FirstBytes;
        if (announced > MaxBytes)
        {
            return null;
        }

        Stream stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable _ = stream.ConfigureAwait(false);

        // What is announced need not come: the buffer grows with what is there.
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(announced + 1, 1, FirstBytes * 16));
        int length = 0;
        try
        {
            while (true)
            {
                if (length == buffer.Length)
                {
                    byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                    buffer.AsSpan(0, length).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }

                int read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    (byte[], int) whole = (buffer, length);
                    buffer = [];
                    return whole;
                }

                length += read;
                if (length > MaxBytes)
                {
                    return null;
                }
            }
        }
        finally
        {
            if (buffer.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }
}
