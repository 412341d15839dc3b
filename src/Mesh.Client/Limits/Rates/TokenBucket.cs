using System.Numerics;
using Mesh.Client.Model;

namespace Mesh.Client.Limits.Rates;

/// <summary>
/// A token bucket as a virtual scheduler: the generic cell rate algorithm (ITU-T I.371, annex A; B. Leach, "Rate Limiting, Cells, and GCRA", 2015; Envoy's atomic
/// token bucket does the same on a floating-point time). The word is the mark up to which permits are spent, counted in permits since the epoch; the clock's own mark runs after it at
/// the limit's rate, and the word may be ahead of it by what the bucket holds. GCRA counts both in time. In permits a call costs a whole number of units, whatever the rate, and nothing
/// is lost to rounding from call to call. Since the epoch no more passes than <c>Burst + Permits × t ÷ Per</c>; between any two moments one unit more at most, some two nanoseconds' worth.
/// </summary>
internal sealed class TokenBucket : RateAlgorithm
{
    /// <summary>The largest bucket.</summary>
    public const long MaxCapacity = 1L << 60;

    // Units a second at most, so that the mark fits 62 bits within the horizon; it is above the highest rate.
    private const int RateBits = 30;
    private const int CapacityBits = 61;
    private const long MaxExact = 1L << 62;

    // A permit is 2 to the power of this many units.
    private readonly int _fraction;
    private readonly long _capacity;

    // Units for each tick of the clock: _units ÷ _ticks, which is _multiplier ÷ 2 to the power of _shift, rounded down.
    private readonly ulong _multiplier;
    private readonly int _shift;
    private readonly ulong _units;
    private readonly ulong _ticks;
    private readonly double _ticksPerUnit;

    public TokenBucket(RateLimitPolicy policy, long ticksPerSecond, long epoch)
        : base(policy, ticksPerSecond, epoch, Math.Max(1, policy.Burst ?? policy.Permits))
    {
        double perSecond = policy.Permits / policy.Per.TotalSeconds;
        _fraction = Math.Max(0, (int)Math.Floor(Math.Min(RateBits - Math.Log2(perSecond), CapacityBits - Math.Log2(Limit))));
        _capacity = Limit << _fraction;

        BigInteger units = ((BigInteger)policy.Permits << _fraction) * TimeSpan.TicksPerSecond;
        BigInteger ticks = (BigInteger)policy.Per.Ticks * ticksPerSecond;
        var divisor = BigInteger.GreatestCommonDivisor(units, ticks);
        units /= divisor;
        ticks /= divisor;
        int bits = (int)(units.GetBitLength() - ticks.GetBitLength());
        _shift = Math.Clamp(63 - bits, 0, 126);
        _multiplier = (ulong)((units << _shift) / ticks);
        _units = (ulong)(units & ulong.MaxValue);
        _ticks = ticks < MaxExact ? (ulong)ticks : ulong.MaxValue;
        _ticksPerUnit = Math.Exp(BigInteger.Log(ticks) - BigInteger.Log(units));
    }

    public override bool TryAcquire(ref long word, long now, int permits, out TimeSpan retryAfter)
    {
        long mark = Mark(now);
        long seen = Volatile.Read(ref word);
        while (seen >= 0 && permits <= Limit)
        {
            long spent = Math.Max(seen, mark) + ((long)permits << _fraction);
            long over = spent - mark - _capacity;
            if (over > 0 || (permits == 0 && over > -(1L << _fraction)))
            {
                retryAfter = ToTime((over + (permits == 0 ? 1L << _fraction : 0)) * _ticksPerUnit);
                return false;
            }

            long before = permits == 0 ? seen : Interlocked.CompareExchange(ref word, spent, seen);
            if (before == seen)
            {
                retryAfter = default;
                return true;
            }

            seen = before;
        }

        retryAfter = permits > Limit ? Never : TimeSpan.Zero;
        return false;
    }

    public override long Remaining(long word, long now) => Math.Max(0, _capacity - Debt(word, now)) >> _fraction;

    public override TimeSpan ResetAfter(long word, long now)
    {
        long debt = Debt(word, now);
        return debt == 0 ? TimeSpan.Zero : ToTime(debt * _ticksPerUnit);
    }

    public override bool IsFresh(long word, long now) => Debt(word, now) == 0;

    public override long WordOf(long spent, long now) => Mark(now) + (spent << _fraction);

    protected override long Latest(long word, long now)
    {
        long over = Debt(word, now) - _capacity;
        return over > 0 ? unchecked(now + (long)Math.Ceiling(over * _ticksPerUnit)) : now;
    }

    private long Debt(long word, long now) => Math.Max(0, word - Mark(now));

    // The reciprocal's result may be one too low. The remainder tells, and its lowest 64 bits are enough for it; a clock of an odd frequency goes without, and is up to a unit late.
    private long Mark(long now)
    {
        ulong elapsed = Elapsed(now);
        ulong high = Math.BigMul(elapsed, _multiplier, out ulong low);
        ulong mark = _shift >= 64 ? high >> (_shift - 64) : _shift == 0 ? low : (high << (64 - _shift)) | (low >> _shift);
        ulong remainder = unchecked((elapsed * _units) - (mark * _ticks));
        return (long)(remainder >= _ticks ? mark + 1 : mark);
    }
}
