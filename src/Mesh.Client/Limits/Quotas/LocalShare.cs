namespace Mesh.Client.Limits.Quotas;

/// <summary>
/// What this process admits by itself while the store fails: so many permits in each window on its own clock, whose windows begin where the store's did. One word holds the
/// window's number and the permits used in it, so that no lock is needed.
/// </summary>
/// <param name="window">The length of a window, in timestamp units.</param>
internal sealed class LocalShare(long window)
{
    private const int UsedBits = 40;
    private const long UsedMask = (1L << UsedBits) - 1;
    private const long NumberMask = (1L << (63 - UsedBits)) - 1;

    private long _word;
    private long _phase;
    private long _reportedNumber = -1;
    private long _reported;

    /// <summary>Says a timestamp at which some window of the store ends.</summary>
    public void Align(long end) => Volatile.Write(ref _phase, end % window);

    /// <summary>When the window at <paramref name="now"/> ends.</summary>
    public long Ends(long now) => now + window - Within(now);

    /// <summary>Takes permits of the window at <paramref name="now"/>.</summary>
    /// <param name="now">The call's timestamp.</param>
    /// <param name="permits">How many.</param>
    /// <param name="share">How many there are in a window.</param>
    public bool TryTake(long now, int permits, long share)
    {
        long number = Number(now);
        long word = Volatile.Read(ref _word);
        while (true)
        {
            long used = word >> UsedBits == number ? word & UsedMask : 0;
            if (used + permits > Math.Min(share, UsedMask))
            {
                return false;
            }

            long seen = Interlocked.CompareExchange(ref _word, (number << UsedBits) | (used + permits), word);
            if (seen == word)
            {
                return true;
            }

            word = seen;
        }
    }

    /// <summary>The permits used in the window at <paramref name="now"/> that the store does not know of. Asked by one trip at a time.</summary>
    public long Unreported(long now)
    {
        long number = Number(now);
        long word = Volatile.Read(ref _word);
        long used = word >> UsedBits == number ? word & UsedMask : 0;
        return _reportedNumber == number ? Math.Max(0, used - _reported) : used;
    }

    /// <summary>Notes that the store knows of so many permits more, of the window at <paramref name="now"/>.</summary>
    public void Report(long now, long permits)
    {
        long number = Number(now);
        _reported = permits + (_reportedNumber == number ? _reported : 0);
        _reportedNumber = number;
    }

    private long Number(long now) => ((now - Within(now)) / window) & NumberMask;

    private long Within(long now)
    {
        long within = (now - Volatile.Read(ref _phase)) % window;
        return within < 0 ? within + window : within;
    }
}
