using System.Numerics;
using Mesh.Client.Model;

namespace Mesh.Client.Limits.Rates;

/// <summary>A count for each window, the windows one after the other from the epoch on. The word: the window's number, and beneath it what was taken in it.</summary>
internal sealed class FixedWindow : RateAlgorithm
{
    private readonly WindowTicks _window;
    private readonly ulong _per;
    private readonly int _countBits;
    private readonly ulong _countMask;
    private readonly ulong _numberMask;

    public FixedWindow(RateLimitPolicy policy, long ticksPerSecond, long epoch)
        : base(policy, ticksPerSecond, epoch, policy.Permits)
    {
        _window = new WindowTicks(policy.Per, ticksPerSecond);
        _per = _window.Length;
        _countBits = BitOperations.Log2((ulong)policy.Permits) + 1;
        _countMask = (1UL << _countBits) - 1;
        _numberMask = ulong.MaxValue >> (_countBits + 1);
    }

    public override bool TryAcquire(ref long word, long now, int permits, out TimeSpan retryAfter)
    {
        ulong elapsed = Elapsed(now);
        long seen = Volatile.Read(ref word);
        while (seen >= 0 && permits <= Limit)
        {
            (ulong number, long taken) = At(seen, elapsed / _per);
            if (taken + Math.Max(1, permits) > Limit)
            {
                retryAfter = ToTime(((double)(number + 1) * _per) - elapsed);
                return false;
            }

            long before = permits == 0 ? seen : Interlocked.CompareExchange(ref word, Word(number, taken + permits), seen);
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

    public override long Remaining(long word, long now) => Limit - At(word, Elapsed(now) / _per).Taken;

    public override TimeSpan ResetAfter(long word, long now)
    {
        ulong elapsed = Elapsed(now);
        (ulong number, long taken) = At(word, elapsed / _per);
        return taken == 0 ? TimeSpan.Zero : ToTime(((double)(number + 1) * _per) - elapsed);
    }

    public override bool IsFresh(long word, long now) => At(word, Elapsed(now) / _per).Taken == 0;

    // A thread with a later timestamp may have begun the next window already: what counts stays in its own.
    public override long Convert(RateAlgorithm from, long word, long now)
    {
        if (from is not FixedWindow other || other._per != _per || other.Epoch != Epoch)
        {
            return base.Convert(from, word, now);
        }

        (ulong number, long taken) = other.At(word, Elapsed(now) / _per);
        return Word(number, Math.Min(Limit, taken));
    }

    public override long WordOf(long spent, long now) => Word(Elapsed(now) / _per, spent);

    protected override long Latest(long word, long now)
    {
        ulong present = Elapsed(now) / _per;
        ulong number = At(word, present).Number;
        return number > present ? unchecked(Epoch + (long)(number * _per)) : now;
    }

    private long Word(ulong number, long taken) => (long)(((number & _numberMask) << _countBits) | (ulong)taken);

    // The window that counts: the present one, or a later one that a thread with a later timestamp has begun.
    private (ulong Number, long Taken) At(long word, ulong present)
    {
        ulong ahead = (((ulong)word >> _countBits) - present) & _numberMask;
        return _window.IsAhead(ahead, _numberMask) ? (present + ahead, (long)((ulong)word & _countMask)) : (present, 0);
    }
}
