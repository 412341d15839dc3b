using Mesh.Client.Model;

namespace Mesh.Client.Limits.Quotas;

/// <summary>
/// The lease protocol of one quota in one process, without clock, threads or store: it is told the time, and what came of a trip. Callers take from any thread; a trip is begun and ended by
/// whoever holds the turn (<see cref="TryBeginTrip"/>). docs/quotas.md tells the protocol and its bounds.
/// </summary>
internal sealed class QuotaState
{
    private const double LeastSlice = 0.1;
    private const double LargestSlice = 0.5;
    private const double ProcessesOfAWindow = 40;
    private const int FirstSlices = 100;
    private const int LongestBackoffShift = 5;

    private readonly DemandMeter _demand;
    private readonly LocalShare _local;
    private readonly long _second;
    private readonly long _window;
    private readonly string _keyHash;
    private readonly string _process;

    private QuotaLease _lease = QuotaLease.None;
    private long _askAgain = long.MinValue;
    private long _pausedUntil = long.MinValue;
    private long _unmet;
    private long _waiting;
    private long _windowEnds = long.MinValue;
    private long _granted;
    private long _lastGrant;
    private long _lastGrantAt = long.MinValue;
    private readonly Func<long>? _numbers;
    private long _sequence;
    private long _share = -1;
    private int _processes;
    private int _failures;
    private int _trip;
    private long _lateWindow;
    private long _late;

    // Without numbers of the whole process it counts its trips from 1, which is right only for the first state of a quota and key.
    public QuotaState(QuotaPolicy policy, string keyHash, string process, long now, long ticksPerSecond, Func<long>? numbers = null)
    {
        (Policy, _keyHash, _process, _second, _numbers) = (policy, keyHash, process, ticksPerSecond, numbers);
        _window = Math.Max(1, Units(policy.Window));
        _demand = new DemandMeter(now, Math.Clamp(_window / 4d, 0.02 * _second, 2d * _second));
        _local = new LocalShare(_window);
    }

    /// <summary>May be replaced by another with the same name and window.</summary>
    public QuotaPolicy Policy { get; set; }

    /// <summary>Whether the last trip failed.</summary>
    public bool IsFailing => Volatile.Read(ref _failures) > 0;

    public int Processes => Volatile.Read(ref _processes);

    /// <summary>The timestamp before which no trip is made.</summary>
    public long AskAgain => Volatile.Read(ref _askAgain);

    /// <summary>The window of the lease at hand.</summary>
    public long WindowId => Volatile.Read(ref _lease).WindowId;

    /// <summary>Permits at hand.</summary>
    public long Held(long now) => Volatile.Read(ref _lease) is { } lease && lease.IsLive(now) ? lease.Remaining : 0;

    /// <summary>Whether permits at hand would go unused for long: most of a window is still to come.</summary>
    public bool IsWorthReturning(long now) => Held(now) > 0 && Volatile.Read(ref _windowEnds) - now > Math.Max(_window / 8, _second);

    /// <summary>Takes permits of the leases at hand.</summary>
    public QuotaVerdict Take(long now, int permits)
    {
        QuotaLease lease = Volatile.Read(ref _lease);
        while (true)
        {
            if (lease.IsLive(now))
            {
                long left = lease.TryTake(permits);
                if (left >= 0)
                {
                    return left < lease.LowWater ? QuotaVerdict.AdmittedLow : QuotaVerdict.Admitted;
                }
            }

            QuotaLease current = Volatile.Read(ref _lease);
            if (ReferenceEquals(current, lease))
            {
                return Miss(now, permits);
            }

            lease = current;
        }
    }

    /// <summary>Admits or denies a call without the store.</summary>
    /// <param name="now">The call's timestamp.</param>
    /// <param name="permits">How many.</param>
    /// <param name="processesOfStore">How many processes other quotas of the same store are used by; 0 where that is not known.</param>
    public QuotaDecision Fallback(long now, int permits, int processesOfStore)
    {
        switch (Policy.OnFailure)
        {
            case StoreFailureMode.Allow:
                return new(true, default);
            case StoreFailureMode.Deny:
                return new(false, Until(AskAgain, now));
            default:
                long share = ShareOf(processesOfStore);
                if (now < Volatile.Read(ref _windowEnds))
                {
                    share -= Math.Max(0, Volatile.Read(ref _granted) - Held(now));
                }

                // Only a store that is known to be away leaves no more than this window's share: else its answer may come at any moment.
                long until = IsFailing && share > 0 ? _local.Ends(now) : Math.Min(_local.Ends(now), now + _second);
                return share > 0 && _local.TryTake(now, permits, share) ? new(true, default) : new(false, Until(until, now));
        }
    }

    /// <summary>How long a denied call should wait.</summary>
    public TimeSpan RetryAfter(long now) => Until(AskAgain, now);

    /// <summary>Whether a trip may begin now; then the turn is the caller's until <see cref="EndTrip"/>.</summary>
    /// <param name="now">The time.</param>
    /// <param name="isDry">Whether a call found nothing at hand; otherwise the trip is one ahead of need.</param>
    public bool TryBeginTrip(long now, bool isDry) =>
        Volatile.Read(ref _trip) == 0 && now >= AskAgain && (isDry || now >= Volatile.Read(ref _pausedUntil)) && Interlocked.CompareExchange(ref _trip, 1, 0) == 0;

    /// <summary>Whether a trip may begin now, whatever the store said about asking again: to give back.</summary>
    public bool TryBeginReturn() => Interlocked.CompareExchange(ref _trip, 1, 0) == 0;

    public void EndTrip() => Volatile.Write(ref _trip, 0);

    /// <summary>What to ask for.</summary>
    /// <returns><see langword="null"/> where nothing is needed.</returns>
    public QuotaRequest? Need(long now)
    {
        Count(now);
        QuotaPolicy policy = Policy;
        bool live = _lease.IsLive(now);
        long held = live ? _lease.Remaining : 0;
        double slice = Math.Clamp(_processes / ProcessesOfAWindow, LeastSlice, LargestSlice) * _window;
        double left = live ? Math.Max(0, _windowEnds - now) : _window;
        double need = _demand.Rate * Math.Min(slice, left);
        long waiting = Math.Min(Interlocked.Exchange(ref _waiting, 0), policy.Permits);
        if (live && held <= waiting && now - _lastGrantAt < slice / 2)
        {
            need = Math.Max(need, 2d * _lastGrant);
        }

        if (_sequence == 0)
        {
            need = Math.Max(need, policy.Permits / FirstSlices);
        }

        long wanted = (long)Math.Min(policy.Permits, Math.Ceiling(Math.Max(need, waiting))) - held;
        long spent = _local.Unreported(now);
        if (wanted <= 0 && spent == 0)
        {
            Volatile.Write(ref _pausedUntil, now + (_window / 100));
            return null;
        }

        return Request(policy, Math.Max(0, wanted), 0, spent);
    }

    /// <summary>Gives back what is at hand, for good: an idle process says that it needs no share either.</summary>
    public QuotaRequest? Return(long now)
    {
        Count(now);
        long returned = _lease.IsLive(now) ? _lease.TakeMoreThan(0) : 0;
        return returned == 0 ? null : Request(Policy, 0, returned, _local.Unreported(now)) with { Demand = 0 };
    }

    /// <summary>Takes an answer in.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="grant">The answer, however absurd.</param>
    /// <param name="sent">When it was asked.</param>
    /// <param name="now">When the answer came.</param>
    public void Complete(QuotaRequest request, QuotaGrant grant, long sent, long now)
    {
        long permits = Math.Clamp(grant.Permits, 0, request.Wanted);
        long left = Math.Clamp(Units(grant.WindowLeft), 1, _window);
        long ends = sent + left;
        if (now - sent >= _window)
        {
            // Too late: its window has ended, or is another one by now. What came with it goes back with the next trip.
            (_lateWindow, _late) = (grant.WindowId, permits);
            Volatile.Write(ref _failures, Math.Max(1, _failures));
            Volatile.Write(ref _askAgain, now);
            return;
        }

        bool same = grant.WindowId == _lease.WindowId && _windowEnds != long.MinValue;
        Volatile.Write(ref _granted, Math.Max(0, (same ? _granted : 0) + permits - request.Returned));

        // Every answer bounds the window's end from below: the latest bound wastes least.
        Volatile.Write(ref _windowEnds, same ? Math.Max(_windowEnds, ends) : ends);

        // What was admitted while this trip was out, because it took so long, is paid out of what it brought.
        _local.Report(now, request.Spent);
        long owed = Math.Min(permits, _local.Unreported(now));
        _local.Report(now, owed);
        if (permits > 0 || !same)
        {
            Replace(new QuotaLease(grant.WindowId, _windowEnds, permits - owed), same);
        }

        (_lastGrant, _lastGrantAt) = permits > 0 ? (permits, now) : (_lastGrant, _lastGrantAt);
        Volatile.Write(ref _processes, Math.Clamp(grant.Processes, 1, 1_000_000));
        if (grant.FairShare > 0)
        {
            Volatile.Write(ref _share, Math.Min(grant.FairShare, Policy.Permits));
        }

        // A store that gives too little and says nothing is not asked again at once.
        long pause = Math.Max(Math.Min(Units(grant.AskAgain), left), permits < request.Wanted ? Math.Max(1, _window / 100) : 0);
        Volatile.Write(ref _askAgain, pause == 0 ? long.MinValue : now + pause);
        _local.Align(ends);
        Volatile.Write(ref _failures, 0);
    }

    /// <summary>Notes that a trip brought no answer. What it gave back is lost until the window ends: the store may have it, or not.</summary>
    /// <param name="now">When it was given up.</param>
    /// <param name="random">From 0 to 1, so that a fleet does not come back at one moment.</param>
    public void Fail(long now, double random)
    {
        int failures = Volatile.Read(ref _failures) + 1;
        Volatile.Write(ref _failures, failures);
        double pause = 0.05 * _second * (1 << Math.Min(failures - 1, LongestBackoffShift));
        Volatile.Write(ref _askAgain, now + (long)(Math.Min(pause, _second) * (0.5 + (random / 2))));
    }

    private QuotaVerdict Miss(long now, int permits)
    {
        Interlocked.Add(ref _unmet, permits);
        if (permits > Policy.Permits)
        {
            return QuotaVerdict.Denied;
        }

        if (!IsFailing && now < AskAgain)
        {
            return QuotaVerdict.Denied;
        }

        Interlocked.Add(ref _waiting, permits);
        return QuotaVerdict.Pending;
    }

    private QuotaRequest Request(QuotaPolicy policy, long wanted, long returned, long spent)
    {
        (long window, long late) = (_late > 0 && returned == 0 ? _lateWindow : _lease.WindowId, returned == 0 ? _late : 0);
        _late -= late;
        return new(policy.Name, _keyHash, policy.Permits, policy.Window, _process)
        {
            Sequence = _sequence = _numbers?.Invoke() ?? _sequence + 1,
            Wanted = wanted,
            Demand = (long)Math.Clamp(Math.Ceiling(_demand.Rate * _window), Math.Min(wanted, policy.Permits), policy.Permits),
            WindowId = window,
            Returned = returned + late,
            Spent = spent,
        };
    }

    private void Count(long now)
    {
        long taken = _lease.CountTaken(_lease.Remaining);
        _demand.Add(now, taken + Interlocked.Exchange(ref _unmet, 0));
    }

    private void Replace(QuotaLease next, bool sameWindow)
    {
        QuotaLease last = _lease;
        Volatile.Write(ref _lease, next);
        long left = last.TakeAll();
        long taken = last.CountTaken(left);
        if (taken > 0)
        {
            Interlocked.Add(ref _unmet, taken);
        }

        if (sameWindow)
        {
            next.Carry(left);
        }
    }

    private long ShareOf(int processesOfStore)
    {
        long share = Volatile.Read(ref _share);
        return share >= 0 ? share : processesOfStore > 0 ? Policy.Permits / processesOfStore : 0;
    }

    private long Units(TimeSpan span) => (long)Math.Clamp(span.TotalSeconds * _second, 0, long.MaxValue / 8);

    private TimeSpan Until(long then, long now) => then <= now ? TimeSpan.Zero : TimeSpan.FromSeconds((double)(then - now) / _second);
}
