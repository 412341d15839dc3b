using Mesh.Client.Limits.Concurrency;
using Mesh.Client.Model;

namespace Mesh.Client.Limits.Adaptive;

/// <summary>
/// Moves a concurrency limit with the latency of its calls: gradient2 of Netflix's concurrency-limits, whose baseline is measured as Envoy's adaptive concurrency does. Gradient2 takes a
/// long average of the latency for the latency without queueing, which under a lasting overload follows the queue up and the limit with it. Here only
/// calls count for the baseline that met few others: in windows that were as quiet anyway, or in a probe, for which the limit is lowered to a third every half a minute, with jitter. A call costs an interlocked
/// addition; one thread in a window works out the rest. No lock, no allocation.
/// </summary>
internal sealed class AdaptiveLimit
{
    private const int MinSamples = 100;
    private const int ProbeSamples = 200;
    private const int FewSamples = 10;
    private const double WindowSeconds = 0.25;
    private const double LongWindowSeconds = 5;
    private const double LongestProbeSeconds = 10;
    private const double ProbeEverySeconds = 30;
    private const double ProbeJitter = 0.3;
    private const int ProbePart = 3;
    private const int ProbeRest = 30;
    private const int SettlingFactor = 4;
    private const int StartFactor = 4;

    private readonly ConcurrencyLimit _limit;
    private readonly ConcurrencyPolicy _policy;
    private readonly Random _random;
    private readonly long _ticksPerSecond;
    private readonly LatencyWindow _window = new();
    private double _estimate;
    private double _baseline;
    private long _begin;
    private long _probeBegin;
    private long _nextProbe;
    private int _mostInFlight;
    private int _drops;
    private int _phase;
    private int _isRolling;

    /// <summary>Begins with a probe.</summary>
    /// <param name="limit">What is moved.</param>
    /// <param name="policy">Its bounds and start.</param>
    /// <param name="ticksPerSecond">The frequency of the clock's timestamps.</param>
    /// <param name="now">The present timestamp.</param>
    /// <param name="random">For the jitter.</param>
    public AdaptiveLimit(ConcurrencyLimit limit, ConcurrencyPolicy policy, long ticksPerSecond, long now, Random random)
    {
        _limit = limit;
        _policy = policy;
        _random = random;
        _ticksPerSecond = ticksPerSecond;
        _estimate = Clamp(policy.Limit > 0 ? policy.Limit : StartFactor * policy.MinLimit);
        BeginProbe(now);
    }

    private enum Phase
    {
        Measuring,

        /// <summary>The limit is lowered, and calls from before are still under way.</summary>
        Draining,
        Probing,
    }

    /// <summary>The limit when nothing is probed.</summary>
    public int Limit => (int)Volatile.Read(ref _estimate);

    /// <summary>The latency without queueing, as far as known; <see cref="TimeSpan.Zero"/> before that.</summary>
    public TimeSpan Baseline => TimeSpan.FromSeconds(Volatile.Read(ref _baseline) / _ticksPerSecond);

    private int ProbeLimit => Math.Max(_policy.MinLimit, Limit / ProbePart);

    /// <summary>Notes that a call has succeeded. One that failed, was cancelled or says nothing of the other side is no sample.</summary>
    /// <param name="start">The timestamp at which it was let in.</param>
    /// <param name="now">The present timestamp.</param>
    public void Succeeded(long start, long now)
    {
        int inFlight = _limit.InFlight;
        if (inFlight > Volatile.Read(ref _mostInFlight))
        {
            Volatile.Write(ref _mostInFlight, inFlight);
        }

        if ((Phase)Volatile.Read(ref _phase) is Phase.Draining)
        {
            EndDrain(inFlight, start, now);
        }

        long begin = Volatile.Read(ref _begin);
        if (now - begin >= 0)
        {
            _window.Add(now - start);
        }

        RollIfDue(now, begin);
    }

    /// <summary>Notes that the other side has turned a call away, or that it took so long that it was given up.</summary>
    public void Dropped(long now)
    {
        Interlocked.Increment(ref _drops);
        RollIfDue(now, Volatile.Read(ref _begin));
    }

    // The first calls to end after a change are the short ones, and some from before it are still there: a few calls' time passes before all that end are counted.
    private void EndDrain(int inFlight, long start, long now)
    {
        if (inFlight <= ProbeLimit && Interlocked.CompareExchange(ref _phase, (int)Phase.Probing, (int)Phase.Draining) == (int)Phase.Draining)
        {
            double latency = Math.Max(now - start, _window.Take().Ticks);
            Volatile.Write(ref _begin, now + (long)Math.Max(WindowSeconds * _ticksPerSecond, SettlingFactor * latency));
        }
    }

    private void RollIfDue(long now, long begin)
    {
        double seconds = (double)(now - begin) / _ticksPerSecond;
        int enough = seconds < LongWindowSeconds ? MinSamples : FewSamples;
        bool isDue = (Phase)Volatile.Read(ref _phase) switch
        {
            Phase.Measuring => seconds >= WindowSeconds && _window.Count + Volatile.Read(ref _drops) >= enough,
            Phase.Probing => _window.Count >= ProbeSamples || seconds >= LongestProbeSeconds,
            _ => seconds >= LongestProbeSeconds,
        };
        if (isDue && Interlocked.CompareExchange(ref _isRolling, 1, 0) == 0)
        {
            // Another thread may have rolled between the look and the turn.
            if (Volatile.Read(ref _begin) == begin)
            {
                Roll(now);
            }

            Volatile.Write(ref _isRolling, 0);
        }
    }

    private void Roll(long now)
    {
        (int count, double latency) = _window.Take();
        int drops = Interlocked.Exchange(ref _drops, 0);
        int most = Interlocked.Exchange(ref _mostInFlight, 0);
        var phase = (Phase)_phase;
        bool isQuiet = phase is Phase.Probing || (phase is Phase.Measuring && most <= ProbeLimit);
        if (isQuiet && count >= FewSamples)
        {
            Volatile.Write(ref _baseline, GradientRule.NextBaseline(_baseline, latency));
        }

        if (isQuiet || phase is Phase.Draining)
        {
            // A probe takes a thirtieth of the time at most, however slow the calls are.
            double rest = Math.Max(ProbeEverySeconds, phase is Phase.Measuring ? 0 : (double)ProbeRest * (now - _probeBegin) / _ticksPerSecond);
            _nextProbe = now + (long)(rest * (1 + (ProbeJitter * (_random.NextDouble() - 0.5))) * _ticksPerSecond);
        }

        if (drops > 0)
        {
            _estimate = Clamp(GradientRule.AfterDrops(_estimate, (double)drops / (drops + count)));
        }
        else if (phase is Phase.Measuring && count > 0 && _baseline > 0)
        {
            Volatile.Write(ref _estimate, Clamp(GradientRule.Next(_estimate, _baseline, latency, most)));
        }

        if (phase is Phase.Measuring && now - _nextProbe >= 0)
        {
            BeginProbe(now);
            return;
        }

        Volatile.Write(ref _begin, now);
        Volatile.Write(ref _phase, (int)Phase.Measuring);
        _limit.SetLimit(Limit);
    }

    private void BeginProbe(long now)
    {
        _probeBegin = now;
        Volatile.Write(ref _begin, now);
        Volatile.Write(ref _phase, (int)Phase.Draining);
        _limit.SetLimit(ProbeLimit);
    }

    private double Clamp(double limit) => Math.Clamp(limit, _policy.MinLimit, _policy.MaxLimit);
}
