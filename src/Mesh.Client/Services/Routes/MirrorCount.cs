namespace Mesh.Client.Services.Routes;

/// <summary>How many copies of a route's calls are under way, and what became of the others.</summary>
internal sealed class MirrorCount
{
    private int _active;
    private long _sent;
    private long _failed;
    private long _dropped;
    private long _unfit;

    /// <summary>The copies under way, those whose body is still being copied included.</summary>
    public int Active => Volatile.Read(ref _active);

    /// <summary>The copies that were answered, in whatever way.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>The copies that found no endpoint, or got no answer.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>The calls that were not copied because too many copies were under way.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>The calls that were not copied because their body is too long or a stream, or was not sent whole.</summary>
    public long Unfit => Interlocked.Read(ref _unfit);

    /// <summary>Takes a place, if there is one.</summary>
    public bool TryEnter(int most)
    {
        if (Interlocked.Increment(ref _active) <= most)
        {
            return true;
        }

        Interlocked.Decrement(ref _active);
        Interlocked.Increment(ref _dropped);
        return false;
    }

    /// <summary>A copy came to its end.</summary>
    public void Leave(bool wasAnswered)
    {
        Interlocked.Increment(ref (wasAnswered ? ref _sent : ref _failed));
        Interlocked.Decrement(ref _active);
    }

    /// <summary>A copy that was begun is not sent.</summary>
    public void GiveUp()
    {
        Interlocked.Increment(ref _unfit);
        Interlocked.Decrement(ref _active);
    }

    /// <summary>A call cannot be copied.</summary>
    public void OnUnfit() => Interlocked.Increment(ref _unfit);
}
