namespace Mesh.Chaos;

/// <summary>The time of a run, in whole milliseconds since its start, which other processes of this machine can reckon too.</summary>
internal sealed class RunClock
{
    private readonly long _start = TimeProvider.System.GetTimestamp();

    /// <summary>The start as others know it: milliseconds of Unix time.</summary>
    public long UnixStart { get; } = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    public int Now => (int)TimeProvider.System.GetElapsedTime(_start).TotalMilliseconds;
}
