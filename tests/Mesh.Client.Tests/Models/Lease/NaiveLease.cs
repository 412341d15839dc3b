namespace Mesh.Client.Tests.Models.Lease;

/// <summary>What a process holds of a quota, as docs/quotas.md has it: a number of permits, the window that they are of, and when that ends at the earliest.</summary>
internal sealed class NaiveLease(long window)
{
    private long _ends = long.MinValue;
    private long _late;
    private long _permits;
    private long _expires = long.MinValue;

    public long WindowId { get; private set; }

    public bool IsFailing { get; private set; }

    public long Held(long now) => now < _expires ? _permits : 0;

    public bool Take(long now, int permits)
    {
        if (Held(now) < permits)
        {
            return false;
        }

        _permits -= permits;
        return true;
    }

    /// <summary>What goes back with the next trip: all that is at hand, or what came too late to be used.</summary>
    public long Return(long now, bool isReturn)
    {
        if (isReturn && Held(now) is > 0 and long held)
        {
            _permits = 0;
            return held;
        }

        long late = _late;
        _late = 0;
        return late;
    }

    /// <summary>Takes an answer.</summary>
    /// <param name="id">The window.</param>
    /// <param name="granted">The permits.</param>
    /// <param name="left">How long the window goes on after the grant.</param>
    /// <param name="sent">When it was asked.</param>
    /// <param name="now">When the answer came.</param>
    public void Answer(long id, long granted, long left, long sent, long now)
    {
        if (now - sent >= window)
        {
            (_late, IsFailing) = (granted, true);
            return;
        }

        bool same = id == WindowId && _ends != long.MinValue;
        long ends = sent + Math.Clamp(left, 1, window);
        _ends = same ? Math.Max(_ends, ends) : ends;
        if (granted > 0 || !same)
        {
            (WindowId, _permits, _expires) = (id, granted + (same ? _permits : 0), _ends);
        }

        IsFailing = false;
    }

    public void Lose() => IsFailing = true;
}
