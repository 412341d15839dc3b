using Mesh.Client.AspNetCore.Limits;
using Mesh.Client.Inbound;
using Mesh.Client.Model;
using Mesh.Client.Testing;

namespace Mesh.Client.AspNetCore.Tests.Limits;

/// <summary>
/// A service of so many workers behind a <see cref="RequestRoom"/>, in simulated time: requests come at random (Poisson), wait their turn and take a fixed time and a random one (exponential) of the same mean.
/// </summary>
internal sealed class SimulatedService(int workers, double meanSeconds, ConcurrencyPolicy policy, int seed)
{
    private static readonly ManualTimeProvider s_clock = new();

    private readonly SeededRandom _random = new(seed);
    private readonly PriorityQueue<Served, long> _ends = new();
    private readonly Queue<Served> _waiting = new();
    private readonly RequestRoom _room = new(policy, null, s_clock, new SeededRandom(seed));
    private readonly List<double> _latencies = [];
    private int _busy;

    /// <summary>Requests a second that the workers can do.</summary>
    public double Capacity => workers / meanSeconds;

    /// <summary>How many came and how many were let in, by priority.</summary>
    public Dictionary<InboundPriority, (int Came, int Entered)> Counts { get; } = [];

    public int Done => _latencies.Count;

    public int Limit => _room.Limit.Limit;

    public double P99 => _latencies.Order().ElementAt((int)(_latencies.Count * 0.99));

    /// <summary>Runs it.</summary>
    /// <param name="rate">Requests a second.</param>
    /// <param name="warmUp">Seconds that do not count.</param>
    /// <param name="seconds">Seconds that do.</param>
    /// <param name="priorities">The parts of critical and of sheddable requests.</param>
    public void Run(double rate, double warmUp, double seconds, (double Critical, double Sheddable) priorities = default)
    {
        long second = s_clock.TimestampFrequency;
        long begin = s_clock.GetTimestamp();
        long counted = begin + (long)(warmUp * second);
        long end = counted + (long)(seconds * second);
        for (long now = Next(begin, rate); now < end; now = Next(now, rate))
        {
            while (_ends.TryPeek(out Served? served, out long at) && at <= now)
            {
                _ends.Dequeue();
                Finish(served, at, counted);
            }

            double draw = _random.NextDouble();
            InboundPriority priority = draw < priorities.Critical ? InboundPriority.Critical : draw > 1 - priorities.Sheddable ? InboundPriority.Sheddable : InboundPriority.Default;
            bool entered = _room.TryEnter(priority);
            if (now >= counted)
            {
                (int came, int into) = Counts.GetValueOrDefault(priority);
                Counts[priority] = (came + 1, into + (entered ? 1 : 0));
            }

            if (entered)
            {
                Begin(new Served(now), now);
            }
        }
    }

    private long Next(long now, double rate) => now + Math.Max(1, (long)(-Math.Log(1 - _random.NextDouble()) / rate * s_clock.TimestampFrequency));

    private void Begin(Served served, long now)
    {
        if (_busy == workers)
        {
            _waiting.Enqueue(served);
            return;
        }

        _busy++;
        double time = meanSeconds / 2 * (1 - Math.Log(1 - _random.NextDouble()));
        _ends.Enqueue(served, now + (long)(time * s_clock.TimestampFrequency));
    }

    private void Finish(Served served, long now, long counted)
    {
        _busy--;
        _room.Leave(served.Entered, now, isSample: true);
        if (now >= counted)
        {
            _latencies.Add((double)(now - served.Entered) / s_clock.TimestampFrequency);
        }

        if (_waiting.TryDequeue(out Served? next))
        {
            Begin(next, now);
        }
    }

    private sealed record Served(long Entered);
}
