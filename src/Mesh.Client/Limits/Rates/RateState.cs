namespace Mesh.Client.Limits.Rates;

/// <summary>The live state of one bucket or window: its word, and the numbers that it is read by.</summary>
internal class RateState
{
    private long _word;

    public RateState(RateAlgorithm algorithm, long word = 0)
    {
        Algorithm = algorithm;
        _word = word;
    }

    public RateAlgorithm Algorithm { get; }

    /// <summary>Whether nothing can be taken any more, because another state has taken over or will be made when it is needed.</summary>
    public bool IsOver => Volatile.Read(ref _word) < 0;

    /// <summary>Whether the state was given up.</summary>
    public bool IsDropped => Volatile.Read(ref _word) == RateAlgorithm.Dropped;

    /// <inheritdoc cref="RateAlgorithm.TryAcquire"/>
    public bool TryAcquire(long now, int permits, out TimeSpan retryAfter) => Algorithm.TryAcquire(ref _word, now, permits, out retryAfter);

    /// <summary>What is left.</summary>
    public RateStatus Status(long now)
    {
        long word = Math.Max(0, Volatile.Read(ref _word));
        return new RateStatus(Algorithm.Limit, Algorithm.Remaining(word, now), Algorithm.ResetAfter(word, now));
    }

    /// <summary>Whether the state is as good as a new one.</summary>
    public bool IsFresh(long now) => Algorithm.IsFresh(Math.Max(0, Volatile.Read(ref _word)), now);

    /// <summary>Gives the state up if it is as good as a new one, and was so at <paramref name="then"/>.</summary>
    public bool TryDrop(long then)
    {
        long word = Volatile.Read(ref _word);
        return word >= 0 && Algorithm.IsFresh(word, then) && Interlocked.CompareExchange(ref _word, RateAlgorithm.Dropped, word) == word;
    }

    /// <summary>Ends the state for one of other numbers that goes on with what is spent; nothing that is taken meanwhile is lost.</summary>
    /// <param name="algorithm">The other numbers.</param>
    /// <param name="now">The timestamp.</param>
    /// <param name="word">The word of the other state.</param>
    /// <returns>Whether there was anything to go on with: the state was not over.</returns>
    public bool TryConvert(RateAlgorithm algorithm, long now, out long word)
    {
        word = Volatile.Read(ref _word);
        while (word >= 0)
        {
            long before = Interlocked.CompareExchange(ref _word, RateAlgorithm.Retired, word);
            if (before == word)
            {
                word = algorithm.Convert(Algorithm, word, now);
                return true;
            }

            word = before;
        }

        return false;
    }
}
