using Mesh.Client.Limits.Adaptive;
using Mesh.Client.Limits.Concurrency;
using Mesh.Client.Model;
using Mesh.Client.Testing;

namespace Mesh.Client.Tests.Limits.Adaptive;

/// <summary>So many servers with one queue before them, calls that come at random, and the limit between; under virtual time.</summary>
internal sealed class QueueSimulation
{
    private const long Frequency = 1_000_000_000;

    private readonly SeededRandom _random = new(7);
    private readonly PriorityQueue<long, long> _completions = new();
    private readonly Queue<long> _waiting = new();
    private readonly ConcurrencyLimit _limit = new(1, 0, new ManualTimeProvider());
    private readonly int _servers;
    private readonly string _distribution;
    private int _busy;
    private long _now = 5 * Frequency;

    public QueueSimulation(int servers, double meanSeconds, string distribution, ConcurrencyPolicy? policy = null)
    {
        _servers = servers;
        MeanSeconds = meanSeconds;
        _distribution = distribution;
        Adaptive = new AdaptiveLimit(_limit, policy ?? new ConcurrencyPolicy { Adaptive = true }, Frequency, _now, _random);
    }

    public AdaptiveLimit Adaptive { get; }

    /// <summary>How long a call takes on average once a server has it.</summary>
    public double MeanSeconds { get; set; }

    /// <summary>How often a second a call comes.</summary>
    public double PerSecond { get; set; }

    public int InFlight => _limit.InFlight;

    /// <summary>What the servers can do a second.</summary>
    public double Capacity => _servers / MeanSeconds;

    public SimulatedSpan Run(TimeSpan time)
    {
        long end = _now + (long)(time.TotalSeconds * Frequency);
        var latencies = new List<double>();
        int arrivals = 0;
        long arrival = Next();
        while (true)
        {
            bool completes = _completions.TryPeek(out long start, out long completion) && completion <= arrival;
            _now = completes ? completion : arrival;
            if (_now > end)
            {
                _now = end;
                latencies.Sort();
                return new SimulatedSpan(arrivals, latencies, time.TotalSeconds, Adaptive.Limit);
            }

            if (completes)
            {
                _completions.Dequeue();
                _busy--;
                latencies.Add((double)(_now - start) / Frequency);
                Adaptive.Succeeded(start, _now);
                _limit.Release();
                Serve();
                continue;
            }

            arrivals++;
            arrival = Next();
            if (_limit.TryAcquire())
            {
                _waiting.Enqueue(_now);
                Serve();
            }
        }
    }

    private void Serve()
    {
        while (_busy < _servers && _waiting.TryDequeue(out long start))
        {
            _busy++;
            _completions.Enqueue(start, _now + (long)(MeanSeconds * ServiceTimes.Draw(_distribution, _random) * Frequency));
        }
    }

    private long Next() => _now + 1 + (long)(-Math.Log(1 - _random.NextDouble()) / PerSecond * Frequency);
}
