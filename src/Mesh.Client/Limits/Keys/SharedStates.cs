using Mesh.Client.Limits.Rates;

namespace Mesh.Client.Limits.Keys;

/// <summary>The states of those keys that a full table has no slot for: several keys share one. Each is made when it is first needed.</summary>
internal sealed class SharedStates(int count)
{
    private RateState?[]? _states;

    /// <summary>The state that a key shares, of the given numbers.</summary>
    public RateState Of(KeyHash key, RateAlgorithm algorithm, long now)
    {
        RateState?[] states = Volatile.Read(ref _states) ?? Interlocked.CompareExchange(ref _states, new RateState?[count], null) ?? _states;
        ref RateState? place = ref states[key.High % (ulong)count];
        RateState? state = Volatile.Read(ref place);
        long word = 0;
        if (state is not null && (state.Algorithm == algorithm || !state.TryConvert(algorithm, now, out word)))
        {
            return state;
        }

        var made = new RateState(algorithm, word);
        return Interlocked.CompareExchange(ref place, made, state) ?? made;
    }
}
