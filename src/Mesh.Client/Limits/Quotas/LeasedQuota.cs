using System.Diagnostics.CodeAnalysis;

namespace Mesh.Client.Limits.Quotas;

/// <summary>
/// A quota of the fleet as one process checks it: from the leases at hand, on the call's timestamp, without a lock or an allocation. Trips to the store run in the background, one at a time.
/// </summary>
internal sealed class LeasedQuota : IThreadPoolWorkItem
{
    /// <summary>How long a call waits at most where nothing is at hand.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(20);

    /// <summary>A store that takes longer to answer fails; a late answer ends that.</summary>
    public static readonly TimeSpan TripTimeout = TimeSpan.FromSeconds(1);

    /// <summary>A trip that takes longer is given up.</summary>
    public static readonly TimeSpan GiveUp = TimeSpan.FromSeconds(15);

    private readonly QuotaKeeper _keeper;
    private readonly QuotaState _state;
    private readonly long _longestWait;
    private QuotaTrip? _trip;
    private long _heldBefore;
    private int _idleLooks;
    private int _uses;
    private int _returning;

    /// <param name="keeper">What it shares with the other quotas of the store.</param>
    /// <param name="owner">The table that it stands in, which lives as long as one of its quotas is in use.</param>
    /// <param name="policy">The quota.</param>
    /// <param name="keyHash">The hash of its key.</param>
    public LeasedQuota(QuotaKeeper keeper, KeyedQuotas owner, QuotaPolicy policy, string keyHash)
    {
        (_keeper, Owner) = (keeper, owner);
        _state = new QuotaState(policy, keyHash, keeper.Process, keeper.Clock.GetTimestamp(), keeper.Clock.TimestampFrequency, keeper.NextTrip);
        _longestWait = (long)(LongestWait.TotalSeconds * keeper.Clock.TimestampFrequency);
    }

    public QuotaPolicy Policy
    {
        get => _state.Policy;
        set => _state.Policy = value;
    }

    public QuotaState State => _state;

    public KeyedQuotas Owner { get; }

    /// <summary>Decides at once. Where nothing is at hand and the store has not said so, the answer is no, and a trip goes out.</summary>
    /// <param name="now">The call's timestamp.</param>
    /// <param name="permits">How many permits the call needs, from 1.</param>
    /// <param name="retryAfter">When to try again, where the answer is no.</param>
    public bool TryAcquire(long now, int permits, out TimeSpan retryAfter)
    {
        QuotaVerdict verdict = _state.Take(now, permits);
        if (verdict == QuotaVerdict.Admitted)
        {
            retryAfter = default;
            return true;
        }

        QuotaDecision decision = Decide(verdict, now, permits) ?? new QuotaDecision(false, LongestWait);
        retryAfter = decision.RetryAfter;
        return decision.IsAdmitted;
    }

    /// <summary>Decides, and waits for the store up to 20 ms where nothing is at hand; not at all while it fails. No thread is blocked.</summary>
    /// <param name="now">The call's timestamp.</param>
    /// <param name="permits">How many permits the call needs, from 1.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<QuotaDecision> AcquireAsync(long now, int permits, CancellationToken cancellationToken = default)
    {
        QuotaVerdict verdict = _state.Take(now, permits);
        return verdict == QuotaVerdict.Admitted ? new(new QuotaDecision(true, default))
            : Decide(verdict, now, permits) is { } decision ? new(decision)
            : WaitAsync(now, permits, cancellationToken);
    }

    /// <summary>The housekeeping of every second: gives back what an idle process holds.</summary>
    /// <returns>How many times in a row nothing had happened since the time before.</returns>
    public int Tend(long now)
    {
        long held = _state.Held(now);
        bool isIdle = held == _heldBefore && Interlocked.Exchange(ref _uses, 0) == 0;
        _heldBefore = held;
        _idleLooks = isIdle ? _idleLooks + 1 : 0;
        if (_idleLooks >= 2 && !_state.IsFailing && _state.IsWorthReturning(now) && _state.TryBeginReturn())
        {
            Volatile.Write(ref _returning, 1);
            Volatile.Write(ref _trip, new QuotaTrip(now));
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        return _idleLooks;
    }

    void IThreadPoolWorkItem.Execute() => _ = RunTripAsync();

    /// <summary>What is to be said without waiting; <see langword="null"/> where a trip may bring something within the wait.</summary>
    private QuotaDecision? Decide(QuotaVerdict verdict, long now, int permits)
    {
        Volatile.Write(ref _uses, 1);
        switch (verdict)
        {
            case QuotaVerdict.AdmittedLow:
                BeginTrip(now, isDry: false);
                return new QuotaDecision(true, default);
            case QuotaVerdict.Denied:
                return new QuotaDecision(false, permits > Policy.Permits ? Policy.Window : _state.RetryAfter(now));
            default:
                BeginTrip(now, isDry: true);
                return _state.IsFailing || _keeper.IsFailing || (Volatile.Read(ref _trip) is { } trip && now - trip.Began >= _longestWait)
                    ? _state.Fallback(now, permits, _keeper.Processes)
                    : null;
        }
    }

    private void BeginTrip(long now, bool isDry)
    {
        if (_state.TryBeginTrip(now, isDry))
        {
            Volatile.Write(ref _trip, new QuotaTrip(now));
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private async ValueTask<QuotaDecision> WaitAsync(long began, int permits, CancellationToken cancellationToken)
    {
        TimeProvider clock = _keeper.Clock;
        while (true)
        {
            long now = clock.GetTimestamp();
            TimeSpan left = LongestWait - clock.GetElapsedTime(began, now);
            if (left > TimeSpan.Zero && Volatile.Read(ref _trip) is { } trip)
            {
                await trip.Settled.WaitAsync(left, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                cancellationToken.ThrowIfCancellationRequested();
                now = clock.GetTimestamp();
            }

            QuotaVerdict verdict = _state.Take(now, permits);
            if (verdict == QuotaVerdict.Admitted)
            {
                return new QuotaDecision(true, default);
            }

            if (Decide(verdict, now, permits) is { } decision)
            {
                return decision;
            }

            if (clock.GetElapsedTime(began, now) >= LongestWait)
            {
                return _state.Fallback(now, permits, _keeper.Processes);
            }
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever a store throws, it failed.")]
    private async Task RunTripAsync()
    {
        TimeProvider clock = _keeper.Clock;
        try
        {
            long sent = clock.GetTimestamp();
            bool isReturn = Interlocked.Exchange(ref _returning, 0) == 1;
            if ((isReturn ? _state.Return(sent) : _state.Need(sent)) is not { } request)
            {
                return;
            }

            try
            {
                QuotaGrant grant = await AskAsync(request).ConfigureAwait(false);
                _state.Complete(request, grant, sent, clock.GetTimestamp());
                _keeper.Answered(_state.Processes);
            }
            catch (Exception error)
            {
                Fail(error);
            }
        }
        finally
        {
            QuotaTrip? trip = Interlocked.Exchange(ref _trip, null);
            _state.EndTrip();
            trip?.Settle();
        }
    }

    private async Task<QuotaGrant> AskAsync(QuotaRequest request)
    {
        TimeProvider clock = _keeper.Clock;
        using var limit = new CancellationTokenSource(GiveUp, clock);
        Task<QuotaGrant> asked = _keeper.Store.TakeAsync(request, limit.Token).AsTask();
        await ((Task)asked).WaitAsync(TripTimeout, clock, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!asked.IsCompleted)
        {
            // Callers go on without it. No other trip goes out before this one is over: a store that comes back would grant them all, and nobody would use them.
            Fail(new TimeoutException($"The quota store did not answer within {TripTimeout.TotalSeconds} s."));
            Volatile.Read(ref _trip)?.Settle();
        }

        try
        {
            return await asked.WaitAsync(limit.Token).ConfigureAwait(false) ?? throw new InvalidOperationException("The quota store answered null.");
        }
        finally
        {
            // Nobody looks at it any more; an exception of it is not to be reported as forgotten.
            _ = asked.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private void Fail(Exception error)
    {
        _state.Fail(_keeper.Clock.GetTimestamp(), _keeper.Random.NextDouble());
        _keeper.Failed(error);
    }
}
