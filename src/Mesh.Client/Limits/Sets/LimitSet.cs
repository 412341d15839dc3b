using Mesh.Client.Limits.Keys;
using Mesh.Client.Limits.Quotas;
using Mesh.Client.Telemetry.Metrics;

namespace Mesh.Client.Limits.Sets;

/// <summary>The rate limits of one list, each checked by its own key. Immutable but for what the limits count.</summary>
internal sealed class LimitSet
{
    /// <summary>Nobody is made to wait for longer than this, whatever the limit says.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly NamedLimit[] _limits;
    private readonly KeySeed _seed;
    private readonly TimeProvider _clock;
    private readonly bool _mayWait;
    private readonly MeshMetrics? _metrics;

    public LimitSet(NamedLimit[] limits, KeySeed seed, TimeProvider clock, MeshMetrics? metrics)
    {
        _metrics = metrics;
        _limits = limits;
        _seed = seed;
        _clock = clock;
        _mayWait = Array.Exists(limits, static l => l.IsOfTheFleet || l.Policy.QueueLimit > 0);
    }

    public IReadOnlyList<NamedLimit> Limits => _limits;

    /// <summary>Whether taking a permit may have to wait, for the store of the fleet or in a queue.</summary>
    public bool MayWait => _mayWait;

    /// <summary>Takes a permit from each limit, or from none where one of them is used up (but for what others take at the same moment).</summary>
    /// <param name="source">The request.</param>
    /// <param name="now">The timestamp.</param>
    /// <returns>What refuses it; <see langword="null"/> where it may pass.</returns>
    public LimitRefusal? Take<TSource>(scoped in TSource source, long now)
        where TSource : IKeySource, allows ref struct
    {
        if (_limits is [{ Policy.Key.Parts.IsEmpty: true } one])
        {
            return Counted(one.TryAcquire(default, now, 1, out TimeSpan wait) ? null : new LimitRefusal(one.Policy, wait));
        }

        Span<KeyHash> keys = stackalloc KeyHash[MaxOnStack];
        keys = _limits.Length <= MaxOnStack ? keys[.._limits.Length] : new KeyHash[_limits.Length];
        ReadKeys(source, keys);
        return Counted(Take(keys, now));
    }

    /// <summary>As <see cref="Take{TSource}"/>, and waits where that is asked for: for the store up to 20 ms, in a limit's queue up to <paramref name="longest"/>.</summary>
    /// <param name="source">The request.</param>
    /// <param name="now">The timestamp.</param>
    /// <param name="longest">The longest wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<LimitRefusal?> TakeAsync<TSource>(scoped in TSource source, long now, TimeSpan longest, CancellationToken cancellationToken)
        where TSource : IKeySource, allows ref struct
    {
        var keys = new KeyHash[_limits.Length];
        ReadKeys(source, keys);
        List<(NamedLimit, LeasedQuota)>? quotas = null;
        for (int i = 0; i < _limits.Length; i++)
        {
            if (_limits[i].IsOfTheFleet)
            {
                (quotas ??= []).Add((_limits[i], _limits[i].Quota(keys[i], source)));
            }
        }

        return TakeAsync(keys, quotas, now, longest, cancellationToken);
    }

    private const int MaxOnStack = 16;

    private async ValueTask<LimitRefusal?> TakeAsync(KeyHash[] keys, List<(NamedLimit Limit, LeasedQuota Quota)>? quotas, long now, TimeSpan longest, CancellationToken cancellationToken)
    {
        LimitRefusal? refusal = await TakeOnceAsync(keys, quotas, now, cancellationToken).ConfigureAwait(false);
        if (refusal is null || refusal.Limit.QueueLimit == 0 || Array.Find(_limits, l => ReferenceEquals(l.Policy, refusal.Limit)) is not { } limit || !limit.TryWait())
        {
            return Counted(refusal);
        }

        try
        {
            long began = now;
            while (refusal is not null && refusal.RetryAfter <= LongestWait && _clock.GetElapsedTime(began, now) + refusal.RetryAfter <= longest)
            {
                // What is short of a millisecond would be no wait for a timer.
                TimeSpan wait = TimeSpan.FromMilliseconds(Math.Ceiling(refusal.RetryAfter.TotalMilliseconds));
                await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1), _clock, cancellationToken).ConfigureAwait(false);
                now = _clock.GetTimestamp();
                refusal = await TakeOnceAsync(keys, quotas, now, cancellationToken).ConfigureAwait(false);
            }

            return Counted(refusal);
        }
        finally
        {
            limit.EndWait();
        }
    }

    // The own counts are only asked first, and taken from last, because what was taken from the fleet is not given back.
    private async ValueTask<LimitRefusal?> TakeOnceAsync(KeyHash[] keys, List<(NamedLimit Limit, LeasedQuota Quota)>? quotas, long now, CancellationToken cancellationToken)
    {
        if (quotas is not null)
        {
            if (TakeEach(keys, now, permits: 0) is { } early)
            {
                return early;
            }

            foreach ((NamedLimit limit, LeasedQuota quota) in quotas)
            {
                QuotaDecision decision = await quota.AcquireAsync(now, 1, cancellationToken).ConfigureAwait(false);
                if (!decision.IsAdmitted)
                {
                    return new LimitRefusal(limit.Policy, decision.RetryAfter);
                }
            }

            return TakeEach(keys, now, permits: 1);
        }

        return Take(keys, now);
    }

    // Asked first where there are several, so that a request that one of them refuses costs the others nothing.
    private LimitRefusal? Take(scoped ReadOnlySpan<KeyHash> keys, long now) => (_limits.Length > 1 ? TakeEach(keys, now, permits: 0) : null) ?? TakeEach(keys, now, permits: 1);

    private LimitRefusal? TakeEach(scoped ReadOnlySpan<KeyHash> keys, long now, int permits)
    {
        for (int i = 0; i < _limits.Length; i++)
        {
            if (!_limits[i].TryAcquire(keys[i], now, permits, out TimeSpan retryAfter))
            {
                return new LimitRefusal(_limits[i].Policy, retryAfter);
            }
        }

        return null;
    }

    private LimitRefusal? Counted(LimitRefusal? refusal)
    {
        if (_metrics is { SeesPermits: true })
        {
            Count(refusal);
        }

        return refusal;
    }

    // Of a request that one of them refuses the others gave nothing.
    private void Count(LimitRefusal? refusal)
    {
        foreach (NamedLimit limit in _limits)
        {
            if (refusal is null)
            {
                limit.Permits?.Add(0);
            }
            else if (ReferenceEquals(limit.Policy, refusal.Limit))
            {
                limit.Permits?.Add(1);
            }
        }
    }

    private void ReadKeys<TSource>(scoped in TSource source, scoped Span<KeyHash> keys)
        where TSource : IKeySource, allows ref struct
    {
        for (int i = 0; i < _limits.Length; i++)
        {
            keys[i] = _limits[i].Policy.Key.Parts.IsEmpty ? default : KeyReader.Read(_limits[i].Policy.Key, source, _seed);
        }
    }
}
