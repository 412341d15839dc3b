using System.Globalization;

namespace Mesh.Client.Limits.Quotas;

/// <summary>All that one process holds of one store: its quotas, whether the store answers, and a look at them every second.</summary>
internal sealed class QuotaKeeper : IDisposable
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly List<WeakReference<KeyedQuotas>> _quotas = [];
    private readonly ITimer _timer;
    private long _trips;
    private int _processes;
    private int _failures;

    public QuotaKeeper(IQuotaStore store, TimeProvider clock, Random random)
    {
        (Store, Clock, Random) = (store, clock, random);
        Process = string.Create(CultureInfo.InvariantCulture, $"{random.NextInt64():x16}");
        _timer = clock.CreateTimer(static keeper => ((QuotaKeeper)keeper!).Tend(), this, LookInterval, LookInterval);
    }

    public IQuotaStore Store { get; }

    public TimeProvider Clock { get; }

    public Random Random { get; }

    /// <summary>Tells this process from all others of the fleet.</summary>
    public string Process { get; }

    /// <summary>How many processes used some quota of the store when it last answered; 0 before that.</summary>
    public int Processes => Volatile.Read(ref _processes);

    /// <summary>Whether the store's last answer, to whichever quota, was none.</summary>
    public bool IsFailing => Volatile.Read(ref _failures) > 0;

    /// <summary>What went wrong last.</summary>
    public Exception? LastError { get; private set; }

    /// <summary>Numbers a trip. A key that left and came back goes on with higher numbers: the store takes a lower one for a trip that was there before, and grants it nothing.</summary>
    public long NextTrip() => Interlocked.Increment(ref _trips);

    /// <summary>A quota, and its keys.</summary>
    public KeyedQuotas Add(QuotaPolicy policy)
    {
        var quotas = new KeyedQuotas(this, policy);
        lock (_lock)
        {
            _quotas.RemoveAll(static q => !q.TryGetTarget(out _));
            _quotas.Add(new WeakReference<KeyedQuotas>(quotas));
        }

        return quotas;
    }

    public void Answered(int processes)
    {
        Volatile.Write(ref _processes, processes);
        Volatile.Write(ref _failures, 0);
    }

    public void Failed(Exception error)
    {
        LastError = error;
        Volatile.Write(ref _failures, 1);
    }

    public void Dispose() => _timer.Dispose();

    private void Tend()
    {
        KeyedQuotas[] all;
        lock (_lock)
        {
            all = [.. _quotas.Select(static q => q.TryGetTarget(out KeyedQuotas? target) ? target : null).OfType<KeyedQuotas>()];
        }

        long now = Clock.GetTimestamp();
        foreach (KeyedQuotas quotas in all)
        {
            quotas.Tend(now);
        }
    }
}
