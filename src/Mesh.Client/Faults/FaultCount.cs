using Mesh.Client.Telemetry.Metrics;

namespace Mesh.Client.Faults;

/// <summary>How many calls of a route suffer a fault at this moment, and how many did.</summary>
/// <param name="counts">How often each word came up. It outlives the route, because what it counts must not fall.</param>
internal sealed class FaultCount(WordCounts counts)
{
    private int _active;

    /// <summary>The calls that are held now.</summary>
    public int Active => Volatile.Read(ref _active);

    /// <summary>The calls that were held.</summary>
    public long Delays => counts[(int)Word.Delay];

    /// <summary>The calls that were failed.</summary>
    public long Aborts => counts[(int)Word.Abort];

    /// <summary>The calls that went unharmed because enough others suffered.</summary>
    public long Overflows => counts[(int)Word.Overflow];

    /// <summary>Takes a place, if there is one.</summary>
    /// <param name="most">The places; 0 is no limit.</param>
    public bool TryEnter(int most)
    {
        if (Interlocked.Increment(ref _active) <= most || most == 0)
        {
            return true;
        }

        Interlocked.Decrement(ref _active);
        counts.Add((int)Word.Overflow);
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _active);

    public void OnDelay() => counts.Add((int)Word.Delay);

    public void OnAbort() => counts.Add((int)Word.Abort);

    private enum Word
    {
        Delay,
        Abort,
        Overflow,
    }
}
