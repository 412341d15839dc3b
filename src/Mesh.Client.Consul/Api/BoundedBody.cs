using System.Buffers;
using System.Runtime.CompilerServices;

namespace Mesh.Client.Consul.Api;

/// <summary>
/// A body that may be of any length, read up to a limit. Only few long ones are in memory at once, however many queries are answered with one: the others wait. Long ones
/// are not taken from the pool, which would keep them.
/// </summary>
internal sealed class BoundedBody : IDisposable
{
    /// <summary>Some 25 000 instances or 100 000 checks of the usual size; what is longer is a mistake.</summary>
    public const int MaxBytes = 32 * 1024 * 1024;

    private const int FirstBytes = 16 * 1024;

    private const int LongBytes = 1024 * 1024;

    private readonly SemaphoreSlim _longOnes;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBytes);
    private int _length;
    private bool _isLong;

    private BoundedBody(SemaphoreSlim longOnes) => _longOnes = longOnes;

    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    /// <summary>Reads to the end.</summary>
    /// <param name="content">The content.</param>
    /// <param name="longOnes">How many long bodies may be in memory.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The body; <see langword="null"/> where it is longer than <see cref="MaxBytes"/>.</returns>
    public static async Task<BoundedBody?> ReadAsync(HttpContent content, SemaphoreSlim longOnes, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > MaxBytes)
        {
            return null;
        }

        Stream stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable _ = stream.ConfigureAwait(false);
        var body = new BoundedBody(longOnes);
        try
        {
            while (true)
            {
                if (body._length == body._buffer.Length)
                {
                    if (body._length >= MaxBytes)
                    {
                        body.Dispose();
                        return null;
                    }

                    await body.GrowAsync(cancellationToken).ConfigureAwait(false);
                }

                int read = await stream.ReadAsync(body._buffer.AsMemory(body._length), cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    return body;
                }

                body._length += read;
            }
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        byte[] buffer = Interlocked.Exchange(ref _buffer, []);
        _length = 0;
        if (buffer.Length is > 0 and <= LongBytes)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        if (_isLong)
        {
            _isLong = false;
            _longOnes.Release();
        }
    }

    private async ValueTask GrowAsync(CancellationToken cancellationToken)
    {
        int larger = _buffer.Length * 2;
        if (larger > LongBytes && !_isLong)
        {
            await _longOnes.WaitAsync(cancellationToken).ConfigureAwait(false);
            _isLong = true;
        }

        byte[] next = larger > LongBytes ? GC.AllocateUninitializedArray<byte>(larger) : ArrayPool<byte>.Shared.Rent(larger);
        _buffer.AsSpan(0, _length).CopyTo(next);
        if (_buffer.Length <= LongBytes)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        _buffer = next;
    }
}
