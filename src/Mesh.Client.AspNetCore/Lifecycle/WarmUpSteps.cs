namespace Mesh.Client.AspNetCore.Lifecycle;

/// <summary>The share of the calls of an instance that warms up: from a tenth to the whole in equal steps, each of which is a registration.</summary>
internal static class WarmUpSteps
{
    public const double First = 0.1;

    private const int Most = 9;

    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(500);

    /// <summary>The share at a time.</summary>
    /// <param name="elapsed">Since it was registered.</param>
    /// <param name="warmUp">The time to the whole.</param>
    /// <param name="next">From now to the next step; infinite after the last.</param>
    public static double At(TimeSpan elapsed, TimeSpan warmUp, out TimeSpan next)
    {
        next = Timeout.InfiniteTimeSpan;
        if (elapsed >= warmUp)
        {
            return 1;
        }

        int steps = (int)Math.Clamp(warmUp / Shortest, 1, Most);
        int step = (int)(elapsed.Ticks * steps / warmUp.Ticks);

        // Rounded up to a whole millisecond: timers know no shorter time, and one that fires before the step is due would find nothing to do.
        next = TimeSpan.FromMilliseconds(Math.Ceiling(((warmUp * (step + 1) / steps) - elapsed).TotalMilliseconds + 0.001));
        return Math.Round(First + ((1 - First) * step / steps), 4);
    }
}
