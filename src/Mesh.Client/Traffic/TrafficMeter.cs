using Mesh.Client.Model;

namespace Mesh.Client.Traffic;

/// <summary>
/// What went through one place in the last five to ten seconds: how many, how many failed, and how long they took, as a histogram of four buckets for each doubling of the time (the layout of
/// G. Tene's HdrHistogram, coarser). It exists only while somebody looks, so that calls pay nothing for nobody; then a call pays one interlocked addition.
/// </summary>
internal sealed class TrafficMeter
{
    /// <summary>For so long it counts in one half, before the other is emptied and takes its turn.</summary>
    public static readonly TimeSpan Half = TimeSpan.FromSeconds(5);

    private const int StepShift = 2;
    private const int Steps = 1 << StepShift;

    // From 64 µs, everything quicker being as good, to two minutes and a quarter.
    private const int SmallestShift = 6;
    private const int Doublings = 21;

    /// <summary>The buckets of a histogram.</summary>
    public const int Buckets = 1 + (Doublings * Steps);

    private readonly double _microsecondsPerTick;
    private readonly long _halfTicks;
    private readonly long _ticksPerSecond;
    private readonly long _began;

    // The last place counts those that failed.
    private readonly int[] _even = new int[Buckets + 1];
    private readonly int[] _odd = new int[Buckets + 1];
    private long _half;

    /// <summary>Makes a meter that has seen nothing.</summary>
    /// <param name="ticksPerSecond">Of the mesh's clock.</param>
    /// <param name="now">The timestamp from which on it counts.</param>
    public TrafficMeter(long ticksPerSecond, long now)
    {
        _ticksPerSecond = ticksPerSecond;
        _microsecondsPerTick = 1e6 / ticksPerSecond;
        _halfTicks = Math.Max(1, (long)(Half.TotalSeconds * ticksPerSecond));
        _began = now;
        _half = now / _halfTicks;
    }

    /// <summary>Counts one.</summary>
    /// <param name="elapsed">How long it took, in ticks.</param>
    /// <param name="outcome">The verdict; what is <see cref="Outcome.Ignored"/> does not count.</param>
    /// <param name="now">The timestamp of its end.</param>
    public void Record(long elapsed, Outcome outcome, long now)
    {
        if (outcome is Outcome.Ignored)
        {
            return;
        }

        int[] counts = Current(now);
        Interlocked.Increment(ref counts[BucketOf((long)(elapsed * _microsecondsPerTick))]);
        if (outcome is not Outcome.Success)
        {
            Interlocked.Increment(ref counts[Buckets]);
        }
    }

    /// <summary>Adds what was counted to a sum.</summary>
    public void AddTo(TrafficSum sum, long now)
    {
        Current(now);
        long half = Volatile.Read(ref _half);
        long from = Math.Max(_began, (half - 1) * _halfTicks);
        sum.Add(_even, _odd, (double)(now - from) / _ticksPerSecond);
    }

    /// <summary>The bucket of a time.</summary>
    internal static int BucketOf(long microseconds)
    {
        long steps = microseconds >> (SmallestShift - StepShift);
        if (steps < Steps)
        {
            return 0;
        }

        int doubling = 63 - System.Numerics.BitOperations.LeadingZeroCount((ulong)steps);
        int step = (int)(steps >> (doubling - StepShift)) & (Steps - 1);
        return Math.Min(Buckets - 1, 1 + ((doubling - StepShift) << StepShift) + step);
    }

    /// <summary>The middle of what a bucket counts, in microseconds.</summary>
    internal static double MiddleOf(int bucket)
    {
        if (bucket == 0)
        {
            return 1 << (SmallestShift - 1);
        }

        int doubling = (bucket - 1) >> StepShift;
        int step = (bucket - 1) & (Steps - 1);
        return Math.ScaleB(Steps + step + 0.5, doubling + SmallestShift - StepShift);
    }

    // The half that begins takes the place of the one before the last. Whoever still counts for the old half at this moment miscounts one.
    private int[] Current(long now)
    {
        long half = now / _halfTicks;
        long before = Volatile.Read(ref _half);
        if (half > before && Interlocked.CompareExchange(ref _half, half, before) == before)
        {
            Array.Clear(half % 2 == 0 ? _even : _odd);
            if (half > before + 1)
            {
                Array.Clear(half % 2 == 0 ? _odd : _even);
            }
        }

        return half % 2 == 0 ? _even : _odd;
    }
}
