using System.Collections.Concurrent;
using Mesh.Client.Model;

namespace Mesh.Client.Traffic;

/// <summary>What each of the services that call this process asks of it. It exists only while somebody looks, and holds no more than <see cref="Most"/> names.</summary>
/// <param name="ticksPerSecond">Of the mesh's clock.</param>
internal sealed class CallerTable(long ticksPerSecond)
{
    /// <summary>So many callers are told apart; the others count together.</summary>
    public const int Most = 64;

    /// <summary>The name of those who do not say who they are, or whose word does not count.</summary>
    public const string Unknown = "";

    /// <summary>The name of those beyond the <see cref="Most"/>; no service can be called that.</summary>
    public const string Others = "*";

    private readonly ConcurrentDictionary<string, TrafficMeter> _meters = new(StringComparer.OrdinalIgnoreCase);
    private int _count;

    /// <summary>Counts a request.</summary>
    /// <param name="caller">The service that made it; <see langword="null"/> where it is not known.</param>
    /// <param name="elapsed">How long it took, in ticks.</param>
    /// <param name="outcome">The verdict.</param>
    /// <param name="now">The timestamp of its end.</param>
    public void Record(string? caller, long elapsed, Outcome outcome, long now) => MeterOf(caller ?? Unknown, now).Record(elapsed, outcome, now);

    /// <summary>What each caller asks, by name.</summary>
    public IEnumerable<KeyValuePair<string, TrafficStatus>> Read(long now)
    {
        foreach ((string name, TrafficMeter meter) in _meters.OrderBy(static m => m.Key, StringComparer.Ordinal))
        {
            var sum = new TrafficSum();
            meter.AddTo(sum, now);
            if (sum.ToStatus() is { } status)
            {
                yield return new(name, status);
            }
        }
    }

    private TrafficMeter MeterOf(string caller, long now)
    {
        if (_meters.TryGetValue(caller, out TrafficMeter? meter))
        {
            return meter;
        }

        if (caller is not (Unknown or Others) && Interlocked.Increment(ref _count) > Most)
        {
            Interlocked.Decrement(ref _count);
            return MeterOf(Others, now);
        }

        return _meters.GetOrAdd(caller, new TrafficMeter(ticksPerSecond, now));
    }
}
