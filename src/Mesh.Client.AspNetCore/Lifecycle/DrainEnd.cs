namespace Mesh.Client.AspNetCore.Lifecycle;

/// <summary>What ends a drain before its time: the host's patience, or a second signal to stop.</summary>
internal sealed class DrainEnd : IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly CancellationTokenRegistration _host;
    private readonly StopSignals _signals;
    private string? _reason;

    public DrainEnd(CancellationToken host)
    {
        Token = _end.Token;
        _host = host.Register(() => End("the host's ShutdownTimeout is over, or its stop was cancelled"));
        _signals = new StopSignals(() => End("the process was told to stop again"));
    }

    public CancellationToken Token { get; }

    /// <summary>Why it ended, if it did.</summary>
    public string? Reason => Volatile.Read(ref _reason);

    // The source is not disposed: a signal may come at any time, and it holds nothing.
    public void Dispose()
    {
        _host.Dispose();
        _signals.Dispose();
    }

    private void End(string reason)
    {
        if (Interlocked.CompareExchange(ref _reason, reason, null) is null)
        {
            _end.Cancel();
        }
    }
}
