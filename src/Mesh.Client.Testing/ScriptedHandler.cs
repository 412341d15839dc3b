using System.Net.Sockets;

namespace Mesh.Client.Testing;

/// <summary>Plays the script of an endpoint and fails the way <see cref="SocketsHttpHandler"/> fails.</summary>
internal sealed class ScriptedHandler(ScriptedEndpoint endpoint, TimeProvider timeProvider) : HttpMessageHandler
{
    private bool _disposed;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed), this);
        return cancellationToken.IsCancellationRequested
            ? Task.FromCanceled<HttpResponseMessage>(cancellationToken)
            : PlayAsync(request, cancellationToken);
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed), this);
        cancellationToken.ThrowIfCancellationRequested();
        ScriptedAct act = endpoint.Enter(request, out ScriptedRequest record);
        try
        {
            if (act.ReadsBody && request.Content is { } content)
            {
                using var body = new MemoryStream();
                content.CopyTo(body, context: null, cancellationToken);
                record.SetBody(body);
            }

            Wait(act.Delay, cancellationToken);
            if (act.Verb == ScriptedVerb.Hang)
            {
                Wait(Timeout.InfiniteTimeSpan, cancellationToken);
            }

            return End(act, request);
        }
        catch (OperationCanceledException error) when (IsForeign(error, cancellationToken))
        {
            throw new TaskCanceledException(error.Message, error, cancellationToken);
        }
        finally
        {
            endpoint.Leave();
        }
    }

    protected override void Dispose(bool disposing)
    {
        Volatile.Write(ref _disposed, true);
        base.Dispose(disposing);
    }

    private async Task<HttpResponseMessage> PlayAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ScriptedAct act = endpoint.Enter(request, out ScriptedRequest record);
        try
        {
            if (act.ReadsBody && request.Content is { } content)
            {
                using var body = new MemoryStream();
                await content.CopyToAsync(body, cancellationToken).ConfigureAwait(false);
                record.SetBody(body);
            }

            await Task.Delay(act.Delay, timeProvider, cancellationToken).ConfigureAwait(false);
            if (act.Verb == ScriptedVerb.Hang)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, timeProvider, cancellationToken).ConfigureAwait(false);
            }

            return End(act, request);
        }
        catch (OperationCanceledException error) when (IsForeign(error, cancellationToken))
        {
            throw new TaskCanceledException(error.Message, error, cancellationToken);
        }
        finally
        {
            endpoint.Leave();
        }
    }

    /// <summary>Whether the caller cancelled and something below said so in another form than the caller expects.</summary>
    private static bool IsForeign(OperationCanceledException error, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested && (error is not TaskCanceledException || error.CancellationToken != cancellationToken);

    private HttpResponseMessage End(ScriptedAct act, HttpRequestMessage request)
    {
        switch (act.Verb)
        {
            case ScriptedVerb.RefuseConnection:
                var refused = new SocketException((int)SocketError.ConnectionRefused);
                throw new HttpRequestException(HttpRequestError.ConnectionError, $"{refused.Message} ({endpoint.Authority})", refused);

            case ScriptedVerb.Reset:
                var reset = new SocketException((int)SocketError.ConnectionReset);
                var read = new IOException($"Unable to read data from the transport connection: {reset.Message}.", reset);
                throw new HttpRequestException(HttpRequestError.Unknown, "An error occurred while sending the request.", read);

            default:
                HttpResponseMessage response = act.Respond(request)
                    ?? throw new InvalidOperationException($"The reply scripted for {endpoint.Authority} made no response to {request.Method} {request.RequestUri}. Return a new HttpResponseMessage.");
                response.RequestMessage ??= request;
                return response;
        }
    }

    private void Wait(TimeSpan time, CancellationToken cancellationToken)
    {
        if (time == TimeSpan.Zero)
        {
            return;
        }

        using var due = new CancellationTokenSource(time, timeProvider);
        if (WaitHandle.WaitAny([due.Token.WaitHandle, cancellationToken.WaitHandle]) == 1)
        {
            throw new TaskCanceledException("The operation was canceled.", innerException: null, cancellationToken);
        }
    }
}
