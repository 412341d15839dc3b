using System.Collections.Immutable;

namespace Mesh.Client.Model;

/// <summary>
/// Which points of the hash space belong to which target of a split, so that a key that stays the same stays where it is while the weights change. The space is cut into as many
/// slots as all weights together, and each target has exactly as many of them as its weight, whatever the weights are.
/// <para>
/// In the order of the list each target but the last takes the first free slots from its own anchor on, in its own direction: the first one upwards from the bottom, the second one downwards from the
/// top, the others upwards and downwards from the middle, then from the quarters, and so on. The last one has what is left. Anchors do not depend on how many targets there are.
/// </para>
/// <para>
/// What moves, the sum of the weights staying the same. Two targets: exactly the change, which is the least that is possible; and that for any sum. Three: what the first grows or shrinks by, and what the second
/// does, for from both ends they never meet; the least possible wherever both do the same. More: likewise for as long as no two meet. Where they meet, a slot that an earlier
/// target takes is taken from a later one, which takes one other slot for it: the free slots that a target finds differ by one from those that it found before, so they do after it has
/// taken its own, and thus each slot more or less moves at most one slot of each later target. A target that is put before the last moves what it gets, for as long as it meets none.
/// </para>
/// <para>
/// No rule that looks at the weights alone moves the least for three targets and all changes: from weights (½,½,0) to (0,½,½) the second must keep its half, from (½,½,0) to (½,0,½) the first
/// one, and from (0,½,½) to (½,0,½) the third. So the first's half is what the second's leaves free, so is the third's, and in the last of the three both have the same half.
/// </para>
/// </summary>
internal sealed class SplitRanges : IEquatable<SplitRanges>
{
    // Where each range ends, and whose it is. The ranges lie one after the other.
    private readonly ImmutableArray<(long End, int Target)> _ranges;
    private readonly ulong _slots;

    private SplitRanges(ImmutableArray<(long End, int Target)> ranges)
    {
        _ranges = ranges;
        _slots = ranges.IsEmpty ? 0 : (ulong)ranges[^1].End;
    }

    /// <summary>The ranges of targets with these weights; where all are 0, everything is the last one's.</summary>
    public static SplitRanges Of(ImmutableArray<SplitTarget> targets)
    {
        long slots = Math.Max(1, targets.Sum(static t => (long)t.Weight));
        List<(long Start, long End)> free = [(0, slots)];
        List<(long Start, long End, int Target)> taken = [];
        for (int i = 0; i < targets.Length - 1; i++)
        {
            Take(free, taken, i, targets[i].Weight, slots);
        }

        taken.AddRange(free.Select(f => (f.Start, f.End, targets.Length - 1)));
        return new SplitRanges([.. taken.OrderBy(static r => r.Start).Select(static r => (r.End, r.Target))]);
    }

    /// <summary>The number of the target that a point belongs to.</summary>
    public int IndexOf(ulong point)
    {
        // As many slots as there are weights, each of the same length: the product's high half is the slot.
        long slot = (long)Math.BigMul(point, _slots, out _);
        ReadOnlySpan<(long End, int Target)> ranges = _ranges.AsSpan();
        int low = 0;
        int high = ranges.Length - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = slot < ranges[middle].End ? (low, middle) : (middle + 1, high);
        }

        return ranges[low].Target;
    }

    public bool Equals(SplitRanges? other) => other is not null && _ranges.AsSpan().SequenceEqual(other._ranges.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as SplitRanges);

    public override int GetHashCode() => _ranges.Length == 0 ? 0 : _ranges[^1].GetHashCode();

    // Free space from the anchor on to the end of the space, then from its other end: upwards, or the same downwards.
    private static void Take(List<(long Start, long End)> free, List<(long Start, long End, int Target)> taken, int target, long wanted, long slots)
    {
        (long anchor, bool isUp) = Anchor(target, slots);
        Cut(free, anchor);
        IEnumerable<(long Start, long End)> order = isUp
            ? [.. free.Where(f => f.Start >= anchor), .. free.Where(f => f.Start < anchor)]
            : [.. free.Where(f => f.Start < anchor).Reverse(), .. free.Where(f => f.Start >= anchor).Reverse()];
        foreach ((long start, long end) in order)
        {
            long length = Math.Min(wanted, end - start);
            if (length == 0)
            {
                break;
            }

            (long Start, long End) part = isUp ? (start, start + length) : (end - length, end);
            taken.Add((part.Start, part.End, target));
            int at = free.IndexOf((start, end));
            free.RemoveAt(at);
            if (length < end - start)
            {
                free.Insert(at, isUp ? (part.End, end) : (start, part.Start));
            }

            wanted -= length;
        }
    }

    private static void Cut(List<(long Start, long End)> free, long anchor)
    {
        int at = free.FindIndex(f => f.Start < anchor && anchor < f.End);
        if (at >= 0)
        {
            (long start, long end) = free[at];
            free[at] = (start, anchor);
            free.Insert(at + 1, (anchor, end));
        }
    }

    // 0 up, 1 down, 1/2 up, 1/2 down, 1/4 up, 1/4 down, 3/4 up, 3/4 down, 1/8 up, …
    private static (long Anchor, bool IsUp) Anchor(int target, long slots)
    {
        bool isUp = target % 2 == 0;
        int pair = target / 2;
        if (pair == 0)
        {
            return (isUp ? 0 : slots, isUp);
        }

        int level = 1;
        while (pair >= 1 << level)
        {
            level++;
        }

        Int128 odd = (2 * (pair - (1 << (level - 1)))) + 1;
        return ((long)(odd * slots >> level), isUp);
    }
}
