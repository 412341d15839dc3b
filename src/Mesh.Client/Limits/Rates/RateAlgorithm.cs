using System.Globalization;
using Mesh.Client.Model;

namespace Mesh.Client.Limits.Rates;

/// <summary>
/// The numbers of one rate limit, worked out once: what all its state words are read by. Immutable. A word is 0 when nothing was taken, is never negative in use, and changes by
/// compare-and-swap alone, so that any number of threads may take from it at once. Time is the caller's: timestamps of one clock, which may go back a little from one
/// thread to the next and wrap round; none is read here.
/// </summary>
internal abstract class RateAlgorithm
{
    /// <summary>The word of a state that another one has replaced: nothing can be taken from it any more.</summary>
    public const long Retired = -1;

    /// <summary>The word of a state that was given up while it was fresh: whoever comes back to it begins anew.</summary>
    public const long Dropped = -2;

    /// <summary>The wait for what will never pass, however long one waits.</summary>
    public static readonly TimeSpan Never = TimeSpan.MaxValue;

    // 136 years: after so long without a call, a window's number may come round again.
    protected const int HorizonBits = 32;

    private readonly double _ticksPerClockTick;

    protected RateAlgorithm(RateLimitPolicy policy, long ticksPerSecond, long epoch, long limit)
    {
        Policy = policy;
        TicksPerSecond = ticksPerSecond;
        Epoch = epoch;
        Limit = limit;
        _ticksPerClockTick = (double)TimeSpan.TicksPerSecond / ticksPerSecond;
    }

    public RateLimitPolicy Policy { get; }

    /// <summary>The frequency of the clock's timestamps.</summary>
    public long TicksPerSecond { get; }

    /// <summary>The timestamp that time is counted from.</summary>
    public long Epoch { get; }

    /// <summary>The most permits that can be taken at once.</summary>
    public long Limit { get; }

    /// <summary>Works out a limit's numbers.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="ticksPerSecond">The frequency of the clock's timestamps.</param>
    /// <param name="epoch">The present timestamp, or after a reload the epoch of the numbers before, so that windows go on where they were.</param>
    /// <exception cref="ArgumentException">The numbers are out of range.</exception>
    public static RateAlgorithm Create(RateLimitPolicy policy, long ticksPerSecond, long epoch)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ticksPerSecond);
        if (Fault(policy) is { } fault)
        {
            throw new ArgumentException(fault, nameof(policy));
        }

        return policy.Algorithm switch
        {
            _ when policy.Permits == 0 => new NothingPasses(policy, ticksPerSecond, epoch),
            RateLimitAlgorithm.TokenBucket => new TokenBucket(policy, ticksPerSecond, epoch),
            RateLimitAlgorithm.FixedWindow => new FixedWindow(policy, ticksPerSecond, epoch),
            _ => new SlidingWindow(policy, ticksPerSecond, epoch),
        };
    }

    /// <summary>What is wrong with a policy's numbers; <see langword="null"/> where nothing is.</summary>
    public static string? Fault(RateLimitPolicy policy)
    {
        if (policy.Per < RateLimitPolicy.MinPer || policy.Per > RateLimitPolicy.MaxPer)
        {
            return string.Create(CultureInfo.InvariantCulture, $"Per is {policy.Per}; it must lie between {RateLimitPolicy.MinPer} and {RateLimitPolicy.MaxPer}.");
        }

        if (policy.Permits < 0 || policy.Permits > policy.Per.TotalSeconds * RateLimitPolicy.MaxPermitsPerSecond)
        {
            return string.Create(CultureInfo.InvariantCulture, $"Permits is {policy.Permits}; it must lie between 0 and {RateLimitPolicy.MaxPermitsPerSecond} for each second of Per.");
        }

        return policy.Burst is < 0 or > TokenBucket.MaxCapacity
            ? string.Create(CultureInfo.InvariantCulture, $"Burst is {policy.Burst}; it must lie between 0 and {TokenBucket.MaxCapacity}.")
            : null;
    }

    /// <summary>Takes permits, all or none.</summary>
    /// <param name="word">The state.</param>
    /// <param name="now">The call's timestamp.</param>
    /// <param name="permits">How many, at least 0; 0 takes nothing and passes where one could be had.</param>
    /// <param name="retryAfter">Where they were refused: after which time they would pass, if nobody else took any; <see cref="Never"/> where they are more than <see cref="Limit"/>.</param>
    public abstract bool TryAcquire(ref long word, long now, int permits, out TimeSpan retryAfter);

    /// <summary>How many permits could be taken now.</summary>
    public abstract long Remaining(long word, long now);

    /// <summary>After which time all of the limit is there again, if nobody takes any.</summary>
    public abstract TimeSpan ResetAfter(long word, long now);

    /// <summary>Whether nothing is left of what was taken: the state is as good as a new one.</summary>
    public abstract bool IsFresh(long word, long now);

    /// <summary>
    /// The word of a state in which so many permits have just been taken. It is of this moment even for none: a thread with an earlier timestamp must not take what a state before it has let
    /// through since then.
    /// </summary>
    public abstract long WordOf(long spent, long now);

    /// <summary>
    /// The word that carries on a state kept by other numbers: the permits that are spent stay spent, as many as these numbers know at most, so that a reload
    /// hands out no more than what the new limit is above the old one.
    /// </summary>
    public virtual long Convert(RateAlgorithm from, long word, long now)
    {
        long latest = from.Latest(word, now);
        return WordOf(Math.Min(Limit, from.Limit - from.Remaining(word, latest)), latest);
    }

    /// <summary>The present timestamp, or a later one that some other thread must have had, because the word could not be what it is otherwise.</summary>
    protected abstract long Latest(long word, long now);

    protected ulong Elapsed(long now)
    {
        long elapsed = unchecked(now - Epoch);
        return elapsed < 0 ? 0 : (ulong)elapsed;
    }

    /// <summary>The clock's ticks as a time span, rounded up, a tick more than it must be.</summary>
    protected TimeSpan ToTime(double clockTicks)
    {
        double ticks = Math.Ceiling(clockTicks * _ticksPerClockTick * (1 + 1e-15)) + 1;
        return ticks >= TimeSpan.MaxValue.Ticks ? Never - TimeSpan.FromTicks(1) : TimeSpan.FromTicks((long)ticks);
    }
}
