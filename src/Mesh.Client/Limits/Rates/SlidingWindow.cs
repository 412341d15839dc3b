using System.Numerics;
using Mesh.Client.Model;

namespace Mesh.Client.Limits.Rates;

/// <summary>
/// The count of this window and that of the one before, of which as much counts as the last <c>Per</c> still covers, as if its calls had come evenly (J. Desgats,
/// "How we built rate limiting capable of scaling to millions of domains", Cloudflare 2017). The word: the window's number, beneath it the count before, beneath that the present one. Where
/// all three do not fit 64 bits, the count before is kept in up to 256 steps, rounded up, and counts at most 1/255 of the limit too much.
/// </summary>
internal sealed class SlidingWindow : RateAlgorithm
{
    private const int WordBits = 63;
    private const int LeastStepBits = 8;

    private readonly WindowTicks _window;
    private readonly ulong _per;
    private readonly int _countBits;
    private readonly int _stepBits;
    private readonly ulong _countMask;
    private readonly ulong _stepMask;
    private readonly ulong _numberMask;
    private readonly bool _isSmall;

    public SlidingWindow(RateLimitPolicy policy, long ticksPerSecond, long epoch)
        : base(policy, ticksPerSecond, epoch, policy.Permits)
    {
        _window = new WindowTicks(policy.Per, ticksPerSecond);
        _per = _window.Length;
        _countBits = BitOperations.Log2((ulong)policy.Permits) + 1;
        int numberBits = HorizonBits + Math.Max(0, (int)Math.Ceiling(-Math.Log2(policy.Per.TotalSeconds)));
        _stepBits = Math.Clamp(WordBits - _countBits - numberBits, Math.Min(LeastStepBits, _countBits), _countBits);
        _countMask = (1UL << _countBits) - 1;
        _stepMask = (1UL << _stepBits) - 1;
        _numberMask = ulong.MaxValue >> (_countBits + _stepBits + 1);
        _isSmall = Math.BigMul((ulong)policy.Permits + 1, _per, out ulong low) == 0 && low <= long.MaxValue;
    }

    public override bool TryAcquire(ref long word, long now, int permits, out TimeSpan retryAfter)
    {
        ulong elapsed = Elapsed(now);
        ulong present = elapsed / _per;
        long seen = Volatile.Read(ref word);
        while (seen >= 0 && permits <= Limit)
        {
            State state = At(seen, present);
            long wanted = Math.Max(1, permits);
            if (Covered(state, elapsed) + state.Taken + wanted > Limit)
            {
                retryAfter = ToTime(WaitFor(state, elapsed, wanted));
                return false;
            }

            long before = permits == 0 ? seen : Interlocked.CompareExchange(ref word, Word(state with { Taken = state.Taken + permits }), seen);
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

    public override long Remaining(long word, long now)
    {
        ulong elapsed = Elapsed(now);
        State state = At(word, elapsed / _per);
        return Math.Max(0, Limit - state.Taken - Covered(state, elapsed));
    }

    public override TimeSpan ResetAfter(long word, long now)
    {
        ulong elapsed = Elapsed(now);
        State state = At(word, elapsed / _per);
        return state.Taken == 0 && state.Before == 0 ? TimeSpan.Zero : ToTime(((double)(state.Number + (state.Taken == 0 ? 1u : 2u)) * _per) - elapsed);
    }

    public override bool IsFresh(long word, long now)
    {
        State state = At(word, Elapsed(now) / _per);
        return state.Taken == 0 && state.Before == 0;
    }

    public override long Convert(RateAlgorithm from, long word, long now)
    {
        if (from is not SlidingWindow other || other._per != _per || other.Epoch != Epoch)
        {
            return base.Convert(from, word, now);
        }

        State state = other.At(word, Elapsed(now) / _per);
        return Word(state with { Taken = Math.Min(Limit, state.Taken), Before = Math.Min(Limit, state.Before) });
    }

    public override long WordOf(long spent, long now) => Word(new State(Elapsed(now) / _per, 0, spent));

    protected override long Latest(long word, long now)
    {
        ulong present = Elapsed(now) / _per;
        ulong number = At(word, present).Number;
        return number > present ? unchecked(Epoch + (long)(number * _per)) : now;
    }

    // How many of the calls before count, rounded up.
    private long Covered(State state, ulong elapsed)
    {
        ulong begin = state.Number * _per;
        ulong left = _per - (elapsed < begin ? 0 : elapsed - begin);
        return state.Before == 0 ? 0
            : _isSmall ? (long)((((ulong)state.Before * left) + _per - 1) / _per)
            : (long)((((UInt128)state.Before * left) + _per - 1) / _per);
    }

    private double WaitFor(State state, ulong elapsed, long wanted)
    {
        double end = (double)(state.Number + 1) * _per;
        long room = Limit - state.Taken - wanted;
        if (room >= 0)
        {
            return end - ((double)room * _per / state.Before) - elapsed;
        }

        long roomAfter = Limit - wanted;
        return end - elapsed + (state.Taken <= roomAfter ? 0 : _per - ((double)roomAfter * _per / Steps(state.Taken)));
    }

    private State At(long word, ulong present)
    {
        long taken = (long)((ulong)word & _countMask);
        ulong ahead = (((ulong)word >> (_countBits + _stepBits)) - present) & _numberMask;
        return _window.IsAhead(ahead, _numberMask) ? new(present + ahead, Unstep(((ulong)word >> _countBits) & _stepMask), taken)
            : ahead == _numberMask ? new(present, Steps(taken), 0)
            : new(present, 0, 0);
    }

    private long Word(State state) =>
        (long)(((state.Number & _numberMask) << (_countBits + _stepBits)) | (ToSteps(state.Before) << _countBits) | (ulong)state.Taken);

    // What a count is taken for once it is the count before.
    private long Steps(long count) => Unstep(ToSteps(count));

    private ulong ToSteps(long count) => _stepBits == _countBits ? (ulong)count : (ulong)((((UInt128)(ulong)count * _stepMask) + (ulong)Limit - 1) / (ulong)Limit);

    private long Unstep(ulong steps) => _stepBits == _countBits ? (long)steps : (long)((UInt128)steps * (ulong)Limit / _stepMask);

    private readonly record struct State(ulong Number, long Before, long Taken);
}
