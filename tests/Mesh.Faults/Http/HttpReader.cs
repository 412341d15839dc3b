using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Mesh.Faults.Http;

/// <summary>Reads messages of HTTP/1.1, whole, from one side of a connection.</summary>
internal sealed class HttpReader(Socket from)
{
    private const int MaxMessage = 4 * 1024 * 1024;

    private byte[] _buffer = new byte[16 * 1024];
    private int _end;

    /// <summary>Reads the next one.</summary>
    /// <param name="request">What it answers; <see langword="null"/> where it is a request.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns><see langword="null"/> where the sender has said all.</returns>
    public async ValueTask<HttpMessage?> ReadAsync(HttpMessage? request, CancellationToken cancellationToken)
    {
        int head;
        while ((head = _buffer.AsSpan(0, _end).IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (!await FillAsync(cancellationToken))
            {
                return _end == 0 ? null : throw new IOException("The head was cut.");
            }
        }

        string text = Encoding.Latin1.GetString(_buffer, 0, head + 4);
        var message = new HttpMessage(text, []);
        int length = await BodyEndAsync(message, request, head + 4, cancellationToken);
        message = message with { Body = _buffer[(head + 4)..length] };
        _buffer.AsSpan(length, _end - length).CopyTo(_buffer);
        _end -= length;
        return message;
    }

    private async ValueTask<int> BodyEndAsync(HttpMessage message, HttpMessage? request, int start, CancellationToken cancellationToken)
    {
        if (request is not null && (request.Method == "HEAD" || message.StartLine.Split(' ')[1] is "204" or "304"))
        {
            return start;
        }

        if (message.Value("Transfer-Encoding") is not null)
        {
            return await ChunksEndAsync(start, cancellationToken);
        }

        if (message.Value("Content-Length") is { } length)
        {
            int end = start + int.Parse(length, CultureInfo.InvariantCulture);
            await HaveAsync(end, cancellationToken);
            return end;
        }

        while (request is not null && await FillAsync(cancellationToken))
        {
            // An answer without a length ends with its connection.
        }

        return request is null ? start : _end;
    }

    // Without trailers: nobody here sends any.
    private async ValueTask<int> ChunksEndAsync(int at, CancellationToken cancellationToken)
    {
        while (true)
        {
            int line;
            while ((line = _buffer.AsSpan(at, _end - at).IndexOf("\r\n"u8)) < 0)
            {
                await HaveAsync(_end + 1, cancellationToken);
            }

            int size = int.Parse(Encoding.ASCII.GetString(_buffer, at, line).Split(';')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            at += line + 2 + size + 2;
            await HaveAsync(at, cancellationToken);
            if (size == 0)
            {
                return at;
            }
        }
    }

    private async ValueTask HaveAsync(int end, CancellationToken cancellationToken)
    {
        while (_end < end)
        {
            if (!await FillAsync(cancellationToken))
            {
                throw new IOException("The body was cut.");
            }
        }
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_end == _buffer.Length)
        {
            if (_end >= MaxMessage)
            {
                throw new IOException("The message is too long.");
            }

            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }

        int read = await from.ReceiveAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        return read > 0;
    }
}
