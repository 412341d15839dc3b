using System.Buffers;

namespace Mesh.Client.Consul.Api;

/// <summary>An answer of Consul with status 200. Its body is in a pooled buffer until it is disposed.</summary>
internal sealed class ConsulAnswer : IDisposable
{
    private byte[]? _buffer;
    private readonly int _length;

    public ConsulAnswer(byte[] buffer, int length)
    {
        _buffer = buffer;
        _length = length;
    }

    public ReadOnlySpan<byte> Body => _buffer.AsSpan(0, _length);

    /// <summary>The state of what was asked for; never 0.</summary>
    /// <remarks>Consul says 0 only by mistake, and asking with 0 again and again would never wait.</remarks>
    public ulong Index { get; init; }

    /// <summary>Whether the server that answered knows a leader, without which its data may be of any age.</summary>
    public bool KnownLeader { get; init; } = true;

    /// <summary>Whether it comes from a cache between here and the servers.</summary>
    public bool IsCached { get; init; }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
