using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Mesh.Agent.Listening;

/// <summary>
/// Looks at the first bytes of a connection and takes none of them: what begins with the preface of HTTP/2 (RFC 9113, 3.4) speaks HTTP/2, all else HTTP/1.1. Kestrel by
/// itself serves only one of them where there is no TLS.
/// </summary>
internal sealed class PrefaceMiddleware(ConnectionDelegate next, TimeProvider clock)
{
    /// <summary>How long a connection may be silent at its begin, as long as Kestrel lets one idle between two requests.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(130);

    // The rest of the preface is Kestrel's to check.
    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n"u8;

    public async Task OnConnectionAsync(ConnectionContext connection)
    {
        PipeReader input = connection.Transport.Input;
        bool? isHttp2 = input.TryRead(out ReadResult first) ? Look(input, first) : null;
        isHttp2 ??= await WaitAsync(connection).ConfigureAwait(false);
        if (isHttp2 is null)
        {
            return;
        }

        if (isHttp2.Value)
        {
            connection.Features.Set<ITlsApplicationProtocolFeature>(Http2Protocol.Instance);
            connection.Features.Set<ITlsConnectionFeature>(Http2Protocol.Instance);
            connection.Features.Set(new ResetGuard());
        }

        await next(connection).ConfigureAwait(false);
    }

    private async Task<bool?> WaitAsync(ConnectionContext connection)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        CancellationToken stopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stopping, connection.ConnectionClosed);
        try
        {
            while (true)
            {
                ReadResult result = await connection.Transport.Input.ReadAsync(end.Token).ConfigureAwait(false);
                if (Look(connection.Transport.Input, result) is { } isHttp2)
                {
                    return isHttp2;
                }
            }
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            return null;
        }
    }

    private static bool? Look(PipeReader input, in ReadResult result)
    {
        bool? isHttp2 = Judge(result.Buffer);
        if (isHttp2 is null && !result.IsCompleted)
        {
            input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            return null;
        }

        input.AdvanceTo(result.Buffer.Start);
        return isHttp2 ?? false;
    }

    private static bool? Judge(in ReadOnlySequence<byte> buffer)
    {
        int length = (int)Math.Min(buffer.Length, Preface.Length);
        Span<byte> begin = stackalloc byte[Preface.Length];
        buffer.Slice(0, length).CopyTo(begin);
        return !begin[..length].SequenceEqual(Preface[..length]) ? false : length == Preface.Length ? true : null;
    }
}
