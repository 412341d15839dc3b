using System.Net;
using System.Net.Sockets;
using Mesh.Faults.Http;

namespace Mesh.Faults;

/// <summary>A client's connection and the one to the server that it is led to.</summary>
internal sealed class ProxiedConnection(Socket client, int server, bool isHttp, FaultState state, CancellationToken proxyEnds) : IDisposable
{
    private readonly Socket _upstream = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly CancellationTokenSource _end = CancellationTokenSource.CreateLinkedTokenSource(proxyEnds);

    /// <summary>Leads it until its end.</summary>
    public async Task RunAsync()
    {
        Ending ending = Ending.Reset;
        try
        {
            client.NoDelay = true;
            await state.PassAsync(_end.Token);
            if (state.Link.Arrival is Arrival.Taken)
            {
                await _upstream.ConnectAsync(new IPEndPoint(IPAddress.Loopback, server), _end.Token);
                ending = isHttp ? await new HttpRelay(client, _upstream, state).RunAsync(_end.Token) : await PumpAsync();
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException or IOException)
        {
            // One of the two has gone, or the proxy ends: the other one sees it as a reset.
        }

        if (ending is Ending.Reset)
        {
            Abort(client);
            Abort(_upstream);
        }

        Dispose();
    }

    /// <summary>Resets it.</summary>
    public void Break() => _end.Cancel();

    public void Dispose()
    {
        client.Dispose();
        _upstream.Dispose();
    }

    private static void Abort(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // It has gone already.
        }
    }

    private async Task<Ending> PumpAsync()
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        List<Task<Ending>> pumps = [new Pump(client, _upstream, Flow.ToServer, state).RunAsync(both.Token), new Pump(_upstream, client, Flow.ToClient, state).RunAsync(both.Token)];
        try
        {
            while (pumps.Count > 0)
            {
                Task<Ending> ended = await Task.WhenAny(pumps);
                pumps.Remove(ended);
                Ending ending = await ended;
                if (ending is not Ending.HalfClose)
                {
                    return ending;
                }
            }

            return Ending.Truncate;
        }
        finally
        {
            await both.CancelAsync();
            await ((Task)Task.WhenAll(pumps)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
