namespace Mesh.Client.Limits.Rates;

/// <summary>What the windows have in common: their length, and which numbers lie ahead.</summary>
internal readonly struct WindowTicks
{
    // A thread's timestamp may be that old when it comes to count. What seems to lie further ahead is long past, and its number has come round.
    private const int LateSeconds = 600;

    private readonly ulong _far;

    public WindowTicks(TimeSpan per, long ticksPerSecond)
    {
        Length = (ulong)((((UInt128)per.Ticks * (ulong)ticksPerSecond) + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond);
        _far = Math.Max(1, (ulong)ticksPerSecond * LateSeconds / Length);
    }

    /// <summary>A window's length in ticks of the clock, rounded up.</summary>
    public ulong Length { get; }

    /// <summary>Whether a window's number is that of one after the present, not of one before it.</summary>
    /// <param name="ahead">The number less the present one, of which the bits of <paramref name="mask"/> are kept.</param>
    /// <param name="mask">The bits that are kept of a number.</param>
    public bool IsAhead(ulong ahead, ulong mask) => ahead <= Math.Min(_far, mask >> 1);
}
