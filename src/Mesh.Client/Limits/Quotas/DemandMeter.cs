namespace Mesh.Client.Limits.Quotas;

/// <summary>
/// The recent rate of permits asked for, as an exponentially weighted mean over irregular intervals (weight 1 - e^(-dt/τ)). Used by one trip at a time.
/// </summary>
/// <param name="now">The timestamp at which counting begins.</param>
/// <param name="memory">τ, in timestamp units.</param>
internal sealed class DemandMeter(long now, double memory)
{
    private long _last = now;

    /// <summary>Permits for each timestamp unit.</summary>
    public double Rate { get; private set; }

    public void Add(long now, long permits)
    {
        double elapsed = Math.Max(1, now - _last);
        _last = Math.Max(_last, now);
        Rate += (1 - Math.Exp(-elapsed / memory)) * ((permits / elapsed) - Rate);
    }
}
