namespace Mesh.Client.Traffic;

/// <summary>What one or several meters counted together. Used by whoever reads them, one thread at a time.</summary>
internal sealed class TrafficSum
{
    private readonly long[] _buckets = new long[TrafficMeter.Buckets];
    private long _calls;
    private long _failed;
    private double _perSecond;
    private double _longest;

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Array.Clear(_buckets);
        (_calls, _failed, _perSecond, _longest) = (0, 0, 0, 0);
    }

    /// <summary>Adds the two halves of a meter.</summary>
    /// <param name="even">A half: the buckets, and behind them how many failed.</param>
    /// <param name="odd">The other half.</param>
    /// <param name="seconds">How long they counted.</param>
    public void Add(int[] even, int[] odd, double seconds)
    {
        long calls = 0;
        for (int i = 0; i < TrafficMeter.Buckets; i++)
        {
            long count = (long)Volatile.Read(ref even[i]) + Volatile.Read(ref odd[i]);
            _buckets[i] += count;
            calls += count;
        }

        _calls += calls;
        _failed += (long)Volatile.Read(ref even[TrafficMeter.Buckets]) + Volatile.Read(ref odd[TrafficMeter.Buckets]);
        _longest = Math.Max(_longest, seconds);

        // What was measured for a moment only would make a rate out of chance.
        _perSecond += calls / Math.Max(1, seconds);
    }

    /// <summary>What it comes to; <see langword="null"/> where nobody measured, or only for a moment.</summary>
    public TrafficStatus? ToStatus() => _longest <= 0 ? null : new TrafficStatus
    {
        CallsPerSecond = _perSecond,
        ErrorShare = _calls == 0 ? 0 : Math.Min(1, (double)_failed / _calls),
        Median = Find(0.5),
        Percentile99 = Find(0.99),
    };

    private TimeSpan? Find(double part)
    {
        if (_calls == 0)
        {
            return null;
        }

        long needed = (long)Math.Ceiling(part * _calls);
        int bucket = 0;
        for (long seen = _buckets[0]; seen < needed && bucket < TrafficMeter.Buckets - 1; seen += _buckets[bucket])
        {
            bucket++;
        }

        return TimeSpan.FromMicroseconds(TrafficMeter.MiddleOf(bucket));
    }
}
