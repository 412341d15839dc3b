namespace Mesh.Client.AspNetCore.Telemetry;

/// <summary>Lets one line a second through, whoever asks, and counts the others: a flood of refused requests must not become a flood of logs.</summary>
internal sealed class LogGate(TimeProvider clock)
{
    private long _next = long.MinValue;
    private long _suppressed;

    /// <summary>Asks for a line.</summary>
    /// <param name="suppressed">How many were not let through since the last one.</param>
    public bool TryPass(out long suppressed)
    {
        long now = clock.GetTimestamp();
        long next = Volatile.Read(ref _next);
        if (now < next || Interlocked.CompareExchange(ref _next, now + clock.TimestampFrequency, next) != next)
        {
            Interlocked.Increment(ref _suppressed);
            suppressed = 0;
            return false;
        }

        suppressed = Interlocked.Exchange(ref _suppressed, 0);
        return true;
    }
}
