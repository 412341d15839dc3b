namespace Mesh.Client.Balancing.Tiers;

/// <summary>
/// The tiers' shares of the calls on their way from one division to another: a straight line in time, so that no moment sees a step. Immutable.
/// </summary>
internal sealed class TierShift
{
    // However short the recovery time, no more than a fifth of the calls moves in a second.
    private const double LongestStep = 0.2;
    private const double Negligible = 1e-9;

    private readonly TierValues _from;
    private readonly long _start;
    private readonly double _perTick;

    private TierShift(TierValues from, TierValues target, long start, double perTick)
    {
        _from = from;
        Target = target;
        _start = start;
        _perTick = perTick;
    }

    /// <summary>Where the shares go, and stay.</summary>
    public TierValues Target { get; }

    /// <summary>Shares that do not move.</summary>
    public static TierShift At(TierValues shares) => new(shares, shares, 0, 1);

    /// <summary>Moves the shares as fast as a tier may recover: from nothing to everything within <paramref name="recovery"/> ticks, 5 s at least.</summary>
    public static TierShift Begin(TierValues from, TierValues target, long now, long recovery, long ticksPerSecond)
    {
        double distance = Math.Max(Math.Abs(target.Zone - from.Zone), Math.Max(Math.Abs(target.Region - from.Region), Math.Abs(target.Rest - from.Rest)));
        double ticks = distance * Math.Max(recovery, ticksPerSecond / LongestStep);
        return distance < Negligible ? At(target) : new TierShift(from, target, now, 1 / ticks);
    }

    /// <summary>The shares at a timestamp.</summary>
    public TierValues SharesAt(long now)
    {
        double part = Math.Clamp((now - _start) * _perTick, 0, 1);
        return new TierValues(
            _from.Zone + ((Target.Zone - _from.Zone) * part),
            _from.Region + ((Target.Region - _from.Region) * part),
            _from.Rest + ((Target.Rest - _from.Rest) * part));
    }

    /// <summary>The tier of a number from 0 up to 1: the nearest tiers own the lowest numbers, so that a number changes its tier as rarely as can be.</summary>
    public int TierOf(double number, long now)
    {
        double part = Math.Clamp((now - _start) * _perTick, 0, 1);
        double zone = _from.Zone + ((Target.Zone - _from.Zone) * part);
        if (number < zone)
        {
            return 0;
        }

        double rest = _from.Rest + ((Target.Rest - _from.Rest) * part);
        return number < 1 - rest ? 1 : 2;
    }
}
