using Mesh.Client.Limits.Rates;

namespace Mesh.Client.Limits.Keys;

/// <summary>The state of one key.</summary>
internal sealed class KeyedState(KeyHash key, int slot, RateAlgorithm algorithm, long word = 0) : RateState(algorithm, word)
{
    private int _isKnown;

    public KeyHash Key { get; } = key;

    /// <summary>Its place among the slots.</summary>
    public int Slot { get; } = slot;

    /// <summary>Whether the key has come back, so that it is not given up at once for one that may never.</summary>
    public bool IsKnown => Volatile.Read(ref _isKnown) != 0;

    /// <summary>Notes that the key has come back.</summary>
    /// <returns>Whether that is news.</returns>
    public bool TryMarkKnown() => Interlocked.Exchange(ref _isKnown, 1) == 0;
}
