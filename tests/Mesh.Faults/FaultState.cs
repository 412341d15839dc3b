using Mesh.Faults.Http;

namespace Mesh.Faults;

/// <summary>The fault in force, and the news of a change.</summary>
internal sealed class FaultState(int seed)
{
    private readonly Lock _gate = new();
    private readonly Random _random = new(seed);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public LinkFault Link { get; private set; } = LinkFault.None;

    public HttpFault? Http { get; private set; }

    /// <summary>Ends at the next change.</summary>
    public Task Changed
    {
        get
        {
            lock (_gate)
            {
                return _changed.Task;
            }
        }
    }

    public void Set(LinkFault link, HttpFault? http)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            Link = link;
            Http = http;
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.SetResult();
    }

    public double NextDouble()
    {
        lock (_gate)
        {
            return _random.NextDouble();
        }
    }

    /// <summary>Waits while nothing gets through.</summary>
    public async ValueTask PassAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed = Changed;
            if (!Link.IsBlackHole)
            {
                return;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Waits, but not beyond the fault that asks for it.</summary>
    public async ValueTask WaitAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        if (time > TimeSpan.Zero)
        {
            await Task.WhenAny(Changed, Task.Delay(time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
