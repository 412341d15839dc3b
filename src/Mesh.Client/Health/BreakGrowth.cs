namespace Mesh.Client.Health;

/// <summary>How break times grow with each ejection and shrink again in good health, after Envoy's outlier detection. Used under the breaker's lock.</summary>
internal struct BreakGrowth
{
    private int _ejections;
    private long _closedAt;

    /// <summary>The endpoint is well again.</summary>
    public void Close(long now) => _closedAt = now;

    /// <summary>The break time of an ejection.</summary>
    /// <param name="settings">The thresholds.</param>
    /// <param name="now">The timestamp.</param>
    /// <param name="wasWell">Whether the endpoint took calls until now.</param>
    public TimeSpan Grow(BreakerSettings settings, long now, bool wasWell)
    {
        if (wasWell)
        {
            // Each sampling duration in good health takes back one step of the growth.
            long healthy = (now - _closedAt) / settings.SamplingTicks;
            _ejections = (int)Math.Max(0, _ejections - healthy);
        }

        // Ejections beyond the longest break time would change nothing and have to be worked off all the same.
        TimeSpan longest = settings.Policy.MaxBreakDuration;
        _ejections += settings.Policy.BreakDuration * _ejections < longest ? 1 : 0;
        TimeSpan time = settings.Policy.BreakDuration * _ejections;
        return time < longest ? time : longest;
    }
}
