using System.Net.Sockets;

namespace Mesh.Faults.Http;

/// <summary>Carries a connection message by message.</summary>
internal sealed class HttpRelay(Socket client, Socket server, FaultState state)
{
    private readonly HttpReader _requests = new(client);
    private readonly HttpReader _answers = new(server);
    private readonly ShapedWriter _toServer = new(server, Flow.ToServer, state);
    private readonly ShapedWriter _toClient = new(client, Flow.ToClient, state);

    /// <summary>Carries until one of the two has said all.</summary>
    /// <returns>How the connection is to be broken off.</returns>
    public async Task<Ending> RunAsync(CancellationToken cancellationToken)
    {
        while (await NextAsync(cancellationToken) is { } request)
        {
            HttpFault? fault = state.Http is { } http && request.Path.StartsWith(http.PathPrefix, StringComparison.Ordinal) && state.NextDouble() < http.Ratio ? http : null;
            HttpMessage answer = HttpMessage.Answer(fault?.Status ?? 500, fault?.RetryAfter ?? 0);
            if (fault is not { ReachesServer: false })
            {
                Ending sent = await WriteAsync(_toServer, request.ToBytes(), cancellationToken);
                if (sent is not Ending.None)
                {
                    return await EndAsync(sent, server, client, cancellationToken);
                }

                HttpMessage? own = await _answers.ReadAsync(request, cancellationToken);
                if (own is null)
                {
                    return Ending.Truncate;
                }

                answer = fault is { Status: > 0 } ? answer : own;
            }

            await state.WaitAsync(fault?.Delay ?? TimeSpan.Zero, cancellationToken);
            if (fault is { Ending: not Ending.None })
            {
                int length = fault.After < 0 ? 0 : Math.Min(answer.Head.Length + fault.After, answer.ToBytes().Length);
                await WriteAsync(_toClient, answer.ToBytes().AsMemory(0, length), cancellationToken);
                return await EndAsync(fault.Ending, client, server, cancellationToken);
            }

            Ending ending = await WriteAsync(_toClient, answer.ToBytes(), cancellationToken);
            if (ending is not Ending.None || answer.IsLast)
            {
                return ending is Ending.None ? Ending.Truncate : await EndAsync(ending, client, server, cancellationToken);
            }
        }

        return Ending.Truncate;
    }

    private static async Task<Ending> EndAsync(Ending ending, Socket to, Socket other, CancellationToken cancellationToken)
    {
        if (ending is Ending.HalfClose)
        {
            // The one side hears no more; what it says goes nowhere, until it lets go.
            to.Shutdown(SocketShutdown.Send);
            byte[] rest = new byte[1024];
            while (await to.ReceiveAsync(rest, cancellationToken) > 0)
            {
            }

            other.Dispose();
        }

        return ending;
    }

    // A server that ends an idle connection is passed on at once: a client must not send into the dead.
    private async ValueTask<HttpMessage?> NextAsync(CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<HttpMessage?> request = _requests.ReadAsync(null, over.Token).AsTask();
        Task<int> gone = server.ReceiveAsync(new byte[1], SocketFlags.Peek, over.Token).AsTask();
        Task first = await Task.WhenAny(request, gone);
        await over.CancelAsync();
        if (first == gone && !request.IsCompletedSuccessfully)
        {
            await ((Task)request).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return request.IsCompletedSuccessfully ? request.Result : null;
        }

        await ((Task)gone).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return await request;
    }

    private async ValueTask<Ending> WriteAsync(ShapedWriter writer, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        await state.WaitAsync(writer.Delay, cancellationToken);
        return await writer.WriteAsync(data, cancellationToken);
    }
}
