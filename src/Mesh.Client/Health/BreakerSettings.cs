using Mesh.Client.Model;

namespace Mesh.Client.Health;

/// <summary>A <see cref="BreakerPolicy"/> in the ticks of one clock, shared by the breakers of a service.</summary>
internal sealed class BreakerSettings
{
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
}
