using System.Net;
using Mesh.Client.Grpc;
using Mesh.Client.Model;

namespace Mesh.Client.Pipeline.Grpc;

/// <summary>
/// Keeps a reply back until it is whole, where its call may run twice. Headers, message and status of a unary call leave the server a moment apart, and one that is killed in that
/// moment would fail a call which can no longer be sent again once its headers were handed on. Whether a reply is one message or a stream of them nobody says, so that one
/// which takes longer than a moment, or is longer than what is kept of a request, is handed on as far as it came.
/// </summary>
internal static class WholeReply
{
    /// <summary>The moment: many times that between the frames of one reply, and too short to be noticed in a stream that begins.</summary>
    public static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(20);

    private const int FirstPiece = 512;

    /// <summary>Whether a reply that breaks off would be asked for again.</summary>
    public static bool IsWanted(in Call call) =>
        call.IsGrpc && !call.Synchronous && call.MaxAttempts > 1 && call.Snapshot.Policy.Retry is { NonIdempotent: true } retry && retry.Conditions.HasFlag(RetryConditions.Reset);

    /// <summary>Waits for the headers and then a moment for the rest.</summary>
    /// <param name="sending">The attempt under way.</param>
    /// <param name="messages">The request's.</param>
    /// <param name="limit">The most bytes that are kept, <c>Retry:MaxBufferedBody</c>.</param>
    /// <param name="clock">The mesh's clock.</param>
    /// <param name="cancellationToken">The caller's. An attempt whose time is over meanwhile had its headers in time.</param>
    /// <exception cref="HttpRequestException">It broke off.</exception>
    public static async Task<HttpResponseMessage> ReceiveAsync(Task<HttpResponseMessage> sending, GrpcContent messages, int limit, TimeProvider clock, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await sending.ConfigureAwait(false);
        if (response.StatusCode is not HttpStatusCode.OK || GrpcReply.StatusOf(response.Headers) is not null || !await CanBeRepeatedAsync(messages, clock, cancellationToken).ConfigureAwait(false))
        {
            return response;
        }

        try
        {
            response.Content = await ReadAsync(response.Content, limit, clock, cancellationToken).ConfigureAwait(false);
            return response;
        }
        catch (Exception error)
        {
            response.Dispose();
            if (error is IOException)
            {
                throw new HttpRequestException(HttpRequestError.ResponseEnded, $"The reply broke off after its headers: {error.Message}", error);
            }

            throw;
        }
    }

    // A reply may be seen before its request is known to be written.
    private static async ValueTask<bool> CanBeRepeatedAsync(GrpcContent messages, TimeProvider clock, CancellationToken cancellationToken)
    {
        Task settled = messages.SettledAsync();
        if (!settled.IsCompleted)
        {
            await settled.WaitAsync(Moment, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return messages.CanBeRepeated;
    }

    private static async Task<HttpContent> ReadAsync(HttpContent content, int limit, TimeProvider clock, CancellationToken cancellationToken)
    {
        Stream body = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        long start = clock.GetTimestamp();
        byte[] bytes = new byte[Math.Min(FirstPiece, limit)];
        int length = 0;
        while (length < limit)
        {
            if (length == bytes.Length)
            {
                Array.Resize(ref bytes, Math.Min(2 * length, limit));
            }

            // Its own end, and not a token, ends a read: a read that is cancelled would end the stream.
            Memory<byte> space = bytes.AsMemory(length);
            Task<int> reading = body.ReadAsync(space, CancellationToken.None).AsTask();
            TimeSpan left = Moment - clock.GetElapsedTime(start);
            if (!reading.IsCompleted && left > TimeSpan.Zero)
            {
                await ((Task)reading.WaitAsync(left, clock, cancellationToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (!reading.IsCompleted)
            {
                return new BegunContent(content, body, bytes.AsMemory(0, length), reading, space);
            }

            int read = await reading.ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            length += read;
        }

        return new BegunContent(content, body, bytes.AsMemory(0, length), null, default);
    }
}
