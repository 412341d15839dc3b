namespace Mesh.Client.Faults;

/// <summary>How many calls of a route suffer a fault at this moment, and how many did.</summary>
internal sealed class FaultCount
{
    private int _active;
    private long _delays;
    private long _aborts;
    private long _overflows;

    /// <summary>The calls that are held now.</summary>
    public int Active => Volatile.Read(ref _active);

    /// <summary>The calls that were held.</summary>
    public long Delays => Interlocked.Read(ref _delays);

    /// <summary>The calls that were failed.</summary>
    public long Aborts => Interlocked.Read(ref _aborts);

    /// <summary>The calls that went unharmed because enough others suffered.</summary>
    public long Overflows => Interlocked.Read(ref _overflows);

    /// <summary>Takes a place, if there is one.</summary>
    /// <param name="most">The places; 0 is no limit.</param>
    public bool TryEnter(int most)
    {
        if (Interlocked.Increment(ref _active) <= most || most == 0)
        {
            return true;
        }

        Interlocked.Decrement(ref _active);
        Interlocked.Increment(ref _overflows);
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _active);

    public void OnDelay() => Interlocked.Increment(ref _delays);

    public void OnAbort() => Interlocked.Increment(ref _aborts);
}
