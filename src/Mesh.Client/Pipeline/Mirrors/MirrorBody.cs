namespace Mesh.Client.Pipeline.Mirrors;

/// <summary>The bytes of a body that are kept for a copy, up to a limit.</summary>
internal sealed class MirrorBody(int limit)
{
    private byte[]? _bytes = [];
    private int _length;
    private bool _hasBegun;

    /// <summary>Whether all of the body so far is here.</summary>
    public bool IsWhole => _bytes is not null;

    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, _bytes is null ? 0 : _length);

    public void Keep(ReadOnlySpan<byte> more)
    {
        _hasBegun = true;
        if (_bytes is null)
        {
            return;
        }

        int length = _length + more.Length;
        if (more.Length > limit - _length)
        {
            _bytes = null;
            return;
        }

        if (length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Min(limit, Math.Max(length, 2 * _bytes.Length)));
        }

        more.CopyTo(_bytes.AsSpan(_length));
        _length = length;
    }

    /// <summary>Ends the writing of a body that is written for the copy alone, where there can be none.</summary>
    public void ThrowIfTooLong()
    {
        if (!IsWhole)
        {
            throw new IOException("The body is longer than Mirror:MaxBody.");
        }
    }

    /// <summary>A body whose headers are sent before there is any of it is a stream, and may have no end.</summary>
    public void OnFlush()
    {
        if (!_hasBegun)
        {
            _bytes = null;
        }
    }
}
