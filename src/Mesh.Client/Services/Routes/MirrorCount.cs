using Mesh.Client.Telemetry.Metrics;

namespace Mesh.Client.Services.Routes;

/// <summary>How many copies of a route's calls are under way, and what became of the others.</summary>
/// <param name="counts">How often each word came up. It outlives the route, because what it counts must not fall.</param>
internal sealed class MirrorCount(WordCounts counts)
{
    private int _active;

    /// <summary>The copies under way, those whose body is still being copied included.</summary>
    public int Active => Volatile.Read(ref _active);

    /// <summary>The copies that were answered, in whatever way.</summary>
    public long Sent => counts[(int)Word.Sent];

    /// <summary>The copies that found no endpoint, or got no answer.</summary>
    public long Failed => counts[(int)Word.Failed];

    /// <summary>The calls that were not copied because too many copies were under way.</summary>
    public long Dropped => counts[(int)Word.Dropped];

    /// <summary>The calls that were not copied because their body is too long or a stream, or was not sent whole.</summary>
    public long Unfit => counts[(int)Word.Unfit];

    /// <summary>Takes a place, if there is one.</summary>
    public bool TryEnter(int most)
    {
        if (Interlocked.Increment(ref _active) <= most)
        {
            return true;
        }

        Interlocked.Decrement(ref _active);
        counts.Add((int)Word.Dropped);
        return false;
    }

    /// <summary>A copy came to its end.</summary>
    public void Leave(bool wasAnswered)
    {
        counts.Add((int)(wasAnswered ? Word.Sent : Word.Failed));
        Interlocked.Decrement(ref _active);
    }

    /// <summary>A copy that was begun is not sent.</summary>
    public void GiveUp()
    {
        counts.Add((int)Word.Unfit);
        Interlocked.Decrement(ref _active);
    }

    /// <summary>A call cannot be copied.</summary>
    public void OnUnfit() => counts.Add((int)Word.Unfit);

    private enum Word
    {
        Sent,
        Failed,
        Dropped,
        Unfit,
    }
}
