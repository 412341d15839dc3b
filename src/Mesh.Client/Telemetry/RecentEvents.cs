using System.Collections.Immutable;

namespace Mesh.Client.Telemetry;

/// <summary>The last events, for whoever looks later. Bounded; written where something rare happened, never by a call that goes well.</summary>
internal sealed class RecentEvents
{
    /// <summary>So many are kept.</summary>
    public const int Most = 256;

    private readonly Lock _lock = new();
    private readonly MeshEvent[] _ring = new MeshEvent[Most];
    private long _last;

    /// <summary>The number of the newest event; 0 where there was none.</summary>
    public long Last => Volatile.Read(ref _last);

    /// <summary>Called, on whatever thread, after each event. It must be quick and must not throw.</summary>
    public event Action? Added;

    /// <summary>Keeps an event and gives it its number.</summary>
    public void Add(MeshEvent next)
    {
        lock (_lock)
        {
            long number = _last + 1;
            _ring[number % Most] = next with { Number = number };
            Volatile.Write(ref _last, number);
        }

        Added?.Invoke();
    }

    /// <summary>The events with a higher number that are still kept, the oldest first.</summary>
    public ImmutableArray<MeshEvent> After(long number)
    {
        lock (_lock)
        {
            if (number >= _last)
            {
                return [];
            }

            long first = Math.Max(Math.Max(0, number), _last - Most) + 1;

            var events = ImmutableArray.CreateBuilder<MeshEvent>((int)(_last - first + 1));
            for (long i = first; i <= _last; i++)
            {
                events.Add(_ring[i % Most]);
            }

            return events.MoveToImmutable();
        }
    }
}
