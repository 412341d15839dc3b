using System.Collections.Concurrent;
using Mesh.Client.Limits.Rates;
using Mesh.Client.Model;

namespace Mesh.Client.Limits.Keys;

/// <summary>
/// A rate limit of which each key has its own, for so many keys at once (<c>MaxKeys</c>). A key leaves the table only when its state is as good as a new one, so
/// that leaving hands out nothing: each slot, whoever is in it, lets through what one limit does. A new key that finds no slot among the next few shares a state with some
/// others, of which there are an eighth as many as slots. All keys together, however many, thus get at most <c>MaxKeys × 9 ÷ 8</c> times the limit.
/// A look-up takes no lock and allocates for new keys only.
/// </summary>
internal sealed class KeyedRateLimit
{
    private const int TurnsOfANewKey = 8;
    private const int KeysOfAShared = 8;
    private const int KnownPart = 2;
    private const int KeepSeconds = 300;

    private readonly ConcurrentDictionary<KeyHash, KeyedState> _states = new();
    private readonly KeySlots _slots = new();
    private readonly Lock _renewal = new();
    private readonly long _keep;
    private RateAlgorithm _algorithm;
    private readonly SharedStates _shared;
    private int _known;

    public KeyedRateLimit(RateLimitPolicy policy, long ticksPerSecond, long now)
    {
        _algorithm = RateAlgorithm.Create(policy, ticksPerSecond, now);
        _shared = new SharedStates(Math.Max(1, policy.MaxKeys / KeysOfAShared));
        _keep = KeepSeconds * ticksPerSecond;
    }

    public RateLimitPolicy Policy => Volatile.Read(ref _algorithm).Policy;

    /// <summary>How many keys have a state of their own.</summary>
    public int Count => _slots.Count;

    /// <inheritdoc cref="RateAlgorithm.TryAcquire"/>
    public bool TryAcquire(KeyHash key, long now, int permits, out TimeSpan retryAfter)
    {
        var spin = default(SpinWait);
        while (true)
        {
            RateState state = Find(key, now);
            if (state.TryAcquire(now, permits, out retryAfter))
            {
                return true;
            }

            if (!state.IsOver)
            {
                return false;
            }

            spin.SpinOnce();
        }
    }

    /// <summary>What is left for a key.</summary>
    public RateStatus Status(KeyHash key, long now) =>
        _states.TryGetValue(key, out KeyedState? state) ? state.Status(now)
        : _slots.Count < Policy.MaxKeys ? new RateState(Volatile.Read(ref _algorithm)).Status(now)
        : _shared.Of(key, Volatile.Read(ref _algorithm), now).Status(now);

    /// <summary>
    /// Goes on with other numbers. What each key has spent stays spent; it is converted when the key is next seen. Fewer <c>MaxKeys</c> than before take no key its slot; how many shared
    /// states there are stays as it was.
    /// </summary>
    public void Reload(RateLimitPolicy policy, long now)
    {
        lock (_renewal)
        {
            if (_algorithm.Policy != policy)
            {
                Volatile.Write(ref _algorithm, RateAlgorithm.Create(policy, _algorithm.TicksPerSecond, _algorithm.Epoch));
            }
        }
    }

    private RateState Find(KeyHash key, long now)
    {
        RateAlgorithm algorithm = Volatile.Read(ref _algorithm);
        if (!_states.TryGetValue(key, out KeyedState? state))
        {
            return (RateState?)Add(key, algorithm, now) ?? _shared.Of(key, algorithm, now);
        }

        if (state.IsDropped)
        {
            // Whoever dropped it has not come so far yet.
            _states.TryRemove(new(key, state));
        }
        else if (state.Algorithm != algorithm)
        {
            Renew(state, now);
        }
        else if (!state.IsKnown && state.IsFresh(now))
        {
            MarkKnown(state);
        }

        return state;
    }

    private KeyedState? Add(KeyHash key, RateAlgorithm algorithm, long now)
    {
        if (_slots.TryAdd(algorithm.Policy.MaxKeys, out int slot))
        {
            return Place(new KeyedState(key, slot, algorithm), null);
        }

        for (int i = 0; i < TurnsOfANewKey; i++)
        {
            slot = _slots.Turn(out KeyedState? old);
            if (old is null || !old.TryDrop(old.IsKnown ? now - _keep : now))
            {
                continue;
            }

            _states.TryRemove(new(old.Key, old));
            if (old.IsKnown)
            {
                Interlocked.Decrement(ref _known);
            }

            return Place(new KeyedState(key, slot, algorithm, algorithm.WordOf(0, now)), old);
        }

        return null;
    }

    // Where another thread has just brought the same key, its state counts. This one, in its slot without a key, is the first to be given up.
    private KeyedState Place(KeyedState state, KeyedState? before)
    {
        KeyedState placed = _states.GetOrAdd(state.Key, state);
        _slots.Replace(state, before);
        return placed;
    }

    private void MarkKnown(KeyedState state)
    {
        if (Volatile.Read(ref _known) < Policy.MaxKeys / KnownPart && state.TryMarkKnown())
        {
            Interlocked.Increment(ref _known);
        }
    }

    private void Renew(KeyedState old, long now)
    {
        lock (_renewal)
        {
            if (old.Algorithm == _algorithm || !old.TryConvert(_algorithm, now, out long word))
            {
                return;
            }

            var state = new KeyedState(old.Key, old.Slot, _algorithm, word);
            if (old.IsKnown)
            {
                state.TryMarkKnown();
            }

            _states.TryUpdate(old.Key, state, old);
            _slots.Replace(state, old);
        }
    }
}
