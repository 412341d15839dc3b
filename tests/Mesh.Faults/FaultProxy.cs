using System.Collections.Concurrent;
using System.Net.Sockets;
using Mesh.Faults.Http;

namespace Mesh.Faults;

/// <summary>
/// A TCP proxy on a port of this machine that does to connections what bad networks and bad peers do. What is wrong is switched while it runs, by hand (<see cref="Set"/>) or by a schedule
/// (<see cref="PlayAsync"/>). With <c>isHttp</c> it reads HTTP/1.1 message by message, so that it can strike single requests and answers.
/// </summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly ConcurrentDictionary<ProxiedConnection, Task> _open = new();
    private readonly CancellationTokenSource _end = new();
    private readonly FaultState _state;
    private readonly int _server;
    private readonly bool _isHttp;
    private readonly Lock _gate = new();
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;
    private int _taken;

    private FaultProxy(int server, bool isHttp, int seed)
    {
        _server = server;
        _isHttp = isHttp;
        _state = new FaultState(seed);
        (_listener, Port) = LocalPorts.Listen();
        _accepting = AcceptAsync(_listener);
    }

    /// <summary>Where clients connect, on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>As the address of a service.</summary>
    public Uri Uri => new($"http://127.0.0.1:{Port}");

    /// <summary>Connections that are open.</summary>
    public int Connections => _open.Count;

    /// <summary>Connections that were taken since the start.</summary>
    public int Taken => _taken;

    /// <summary>What is wrong with the link.</summary>
    public LinkFault Fault => _state.Link;

    /// <summary>Starts one.</summary>
    /// <param name="server">The port on 127.0.0.1 that it leads to.</param>
    /// <param name="isHttp">Whether it reads HTTP/1.1.</param>
    /// <param name="seed">Of what is random: jitter and corruption.</param>
    public static FaultProxy Start(int server, bool isHttp = false, int seed = 1) => new(server, isHttp, seed);

    /// <summary>Says what is wrong from now on, in place of what was.</summary>
    /// <param name="fault">Of the link.</param>
    /// <param name="http">Of the messages; only where the proxy reads HTTP.</param>
    public void Set(LinkFault fault, HttpFault? http = null)
    {
        if (http is not null && !_isHttp)
        {
            throw new InvalidOperationException("The proxy does not read HTTP. Remedy: start it with isHttp.");
        }

        lock (_gate)
        {
            _state.Set(fault, http);
            if (fault.Arrival is Arrival.Refused)
            {
                _listener?.Dispose();
                _listener = null;
            }
            else if (_listener is null && !_end.IsCancellationRequested)
            {
                _listener = LocalPorts.Listen(Port);
                _accepting = AcceptAsync(_listener);
            }
        }
    }

    /// <summary>Makes all well.</summary>
    public void Heal() => Set(LinkFault.None);

    /// <summary>Resets all connections that are open.</summary>
    public void Break()
    {
        foreach (ProxiedConnection connection in _open.Keys)
        {
            connection.Break();
        }
    }

    /// <summary>Goes through a schedule, and heals at its end.</summary>
    public async Task PlayAsync(IEnumerable<FaultPhase> schedule, CancellationToken cancellationToken)
    {
        try
        {
            foreach (FaultPhase phase in schedule)
            {
                Set(phase.Fault);
                await Task.Delay(phase.Length, cancellationToken);
            }
        }
        finally
        {
            Heal();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        lock (_gate)
        {
            _listener?.Dispose();
            _listener = null;
        }

        await _accepting;
        await Task.WhenAll(_open.Values);
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await listener.AcceptAsync(_end.Token);
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }

            Interlocked.Increment(ref _taken);
            var connection = new ProxiedConnection(client, _server, _isHttp, _state, _end.Token);
            var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _open[connection] = ended.Task;
            _ = LeadAsync(connection, ended);
        }
    }

    private async Task LeadAsync(ProxiedConnection connection, TaskCompletionSource ended)
    {
        await Task.Yield();
        try
        {
            await connection.RunAsync();
        }
        finally
        {
            connection.Dispose();
            _open.TryRemove(connection, out _);
            ended.SetResult();
        }
    }
}
