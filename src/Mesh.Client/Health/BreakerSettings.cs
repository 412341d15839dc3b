using Mesh.Client.Model;

namespace Mesh.Client.Health;

/// <summary>A <see cref="BreakerPolicy"/> in the ticks of one clock, shared by the breakers of a service.</summary>
internal sealed class BreakerSettings
{
    /// <summary>The longest pause that an endpoint may ask for.</summary>
    public static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(5);

    public BreakerSettings(BreakerPolicy policy, long ticksPerSecond, TimeSpan attemptTimeout)
    {
        Policy = policy;
        TicksPerSecond = ticksPerSecond;
        BucketTicks = Math.Max(1, Ticks(policy.SamplingDuration) / RollingWindow.BucketCount);
        SamplingTicks = Math.Max(1, Ticks(policy.SamplingDuration));
        SlowTicks = Ticks(policy.SlowCallDuration);
        ProbeLeaseTicks = Ticks(policy.BreakDuration > attemptTimeout ? policy.BreakDuration : attemptTimeout);
    }

    public BreakerPolicy Policy { get; }

    public long TicksPerSecond { get; }

    public long BucketTicks { get; }

    public long SamplingTicks { get; }

    public long SlowTicks { get; }

    /// <summary>After this long a probe that has not returned loses its slot to another.</summary>
    public long ProbeLeaseTicks { get; }

    public long Ticks(TimeSpan time) => (long)(time.TotalSeconds * TicksPerSecond);

    public TimeSpan Time(long ticks) => TimeSpan.FromSeconds((double)ticks / TicksPerSecond);

    /// <summary>For how long an endpoint that asked for less is left alone.</summary>
    public long PauseTicks(long asked) => Math.Min(asked, Ticks(MaxPause));

    /// <summary>Whether an endpoint is to be ejected.</summary>
    /// <param name="consecutive">Its failures in a row.</param>
    /// <param name="sum">Its window.</param>
    /// <param name="ledger">Its service's ledger.</param>
    /// <param name="now">The timestamp.</param>
    /// <returns>The reason, or <see cref="BreakReason.None"/>.</returns>
    public BreakReason Judge(int consecutive, WindowSum sum, EjectionLedger ledger, long now)
    {
        if (consecutive >= Policy.ConsecutiveFailures)
        {
            return BreakReason.ConsecutiveFailures;
        }

        if (sum.Total < Policy.MinimumThroughput)
        {
            return BreakReason.None;
        }

        double threshold = Policy.FailureRatio * sum.Total;
        if (sum.Failures > 0 && sum.Failures >= threshold)
        {
            return BreakReason.FailureRatio;
        }

        // Plain 500s may be the request's fault: they eject only an endpoint that stands out from its service.
        if (sum.ServerErrors > 0 && sum.Failures + sum.ServerErrors >= threshold && sum.FailureRatio >= 2 * ledger.MeanFailureRatio(now))
        {
            return BreakReason.FailureRatio;
        }

        return sum.Slow > 0 && sum.Slow >= Policy.SlowCallRatio * sum.Total ? BreakReason.SlowCallRatio : BreakReason.None;
    }
}
