using System.Numerics;
using Mesh.Client.Health;
using Mesh.Client.Model;

namespace Mesh.Client.Nodes;

/// <summary>
/// How long an endpoint takes to answer: a moving average, after Finagle's <c>PeakEwma</c> and linkerd2-proxy. Lock-free: one word that is swapped whole.
/// What is older than <see cref="Decay"/> says nothing, and fades until then in a straight line, the first terms of the exponential: so that an endpoint
/// of which nothing was heard is as good as a new one again, however slow it was.
/// </summary>
/// <remarks>
/// Only success tells how fast an endpoint is. A failure and a plea for less come quickly as a rule, and a caller who did not wait tells how long it
/// waited at least: each of these raises the figure where it took longer, and lowers it never.
/// </remarks>
internal struct LatencyMeter
{
    /// <summary>For so long a call counts: the decay time of Finagle and linkerd.</summary>
    public static readonly TimeSpan Decay = TimeSpan.FromSeconds(10);

    // Theirs follows a slower call at once: then what is left of the slowest of many calls hides which endpoint is slow. docs/decisions/latency-by-default.md
    private const float LeastWeight = 0.2f;

    // The word: the latency as a float, whose sign says that no success is behind it, and the moment of the last call.
    private const int MomentBits = 32;
    private const ulong OnlyBound = 1UL << 63;

    private readonly int _shift;
    private readonly float _perMoment;
    private ulong _state;
    private ulong _failure;

    /// <summary>Makes a meter that knows nothing.</summary>
    /// <param name="ticksPerSecond">Of the mesh's clock.</param>
    public LatencyMeter(long ticksPerSecond)
    {
        // A moment is the power of two of ticks next to a millisecond, so that no pick has to divide.
        _shift = Math.Max(0, BitOperations.Log2((ulong)Math.Max(1, ticksPerSecond / 1000)));
        _perMoment = (float)((1L << _shift) / (Decay.TotalSeconds * ticksPerSecond));
        _state = OnlyBound;
    }

    /// <summary>Whether it was made to measure.</summary>
    public readonly bool IsOn => _perMoment > 0;

    /// <summary>What is known at a timestamp.</summary>
    public LatencyView At(long now)
    {
        ulong state = Volatile.Read(ref _state);
        ulong failure = Volatile.Read(ref _failure);
        float left = Left(state, now);
        return new LatencyView(Latency(state), Latency(state) * left, left > 0 && (state & OnlyBound) == 0, failure == 0 ? 0 : Left(failure, now));
    }

    /// <summary>Counts an attempt, where it was made to measure.</summary>
    /// <param name="result">Its result.</param>
    /// <param name="now">The timestamp of its end.</param>
    public void Record(in AttemptResult result, long now)
    {
        if (!IsOn)
        {
            return;
        }

        if (result.Outcome is Outcome.Failure or Outcome.Overloaded)
        {
            Volatile.Write(ref _failure, OnlyBound | Moment(now));
        }

        ulong seen = Volatile.Read(ref _state);
        if (result.Outcome is Outcome.Success)
        {
            // Of calls that end at the same instant one is enough for an average, and a plain write costs a third of an exchange.
            Volatile.Write(ref _state, Next(seen, result, now));
            return;
        }

        while (Next(seen, result, now) is var next && next != seen)
        {
            ulong found = Interlocked.CompareExchange(ref _state, next, seen);
            if (found == seen)
            {
                break;
            }

            seen = found;
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Reset()
    {
        Volatile.Write(ref _state, OnlyBound);
        Volatile.Write(ref _failure, 0);
    }

    private readonly ulong Next(ulong state, in AttemptResult result, long now)
    {
        float left = Left(state, now);
        float sample = Math.Max(0, result.Elapsed);
        if (result.Outcome is not Outcome.Success)
        {
            return sample > Latency(state) * left ? Word(sample, left > 0 ? state & OnlyBound : OnlyBound, now) : state;
        }

        // What was only a bound is no average to begin with.
        float weight = (state & OnlyBound) == 0 ? Math.Max(LeastWeight, 1 - left) : 1;
        float before = Latency(state);
        return Word(before + (weight * (sample - before)), 0, now);
    }

    // The part of a figure that is left: 1 at once, 0 after the decay time. Timestamps of other threads may lie a little ahead; what lies further ahead
    // is weeks old, because the 32 bits of a moment repeat.
    private readonly float Left(ulong state, long now)
    {
        float age = (int)((uint)Moment(now) - (uint)state) * _perMoment;
        return age is > 1 or < -1 ? 0 : Math.Min(1, 1 - age);
    }

    private readonly ulong Moment(long now) => (uint)(now >> _shift);

    private static float Latency(ulong state) => BitConverter.UInt32BitsToSingle((uint)((state & ~OnlyBound) >> MomentBits));

    private readonly ulong Word(float latency, ulong flag, long now) => flag | ((ulong)BitConverter.SingleToUInt32Bits(latency) << MomentBits) | Moment(now);
}
