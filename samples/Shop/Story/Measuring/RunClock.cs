using System.Diagnostics;

namespace Shop.Story.Measuring;

/// <summary>The time since the run began.</summary>
internal sealed class RunClock
{
    private readonly long _start = Stopwatch.GetTimestamp();

    public TimeSpan Now => Stopwatch.GetElapsedTime(_start);
}
