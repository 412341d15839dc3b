namespace Mesh.Client.Consul.Discovery;

/// <summary>
/// Keeps one service from asking too often: a token bucket for a service that changes all the time (Consul's documentation, "Blocking Queries"), and at most
/// one question a second where an answer came at once and said nothing new.
/// </summary>
internal sealed class QueryPace(TimeProvider clock)
{
    /// <summary>So many changes in a row are followed without a pause.</summary>
    public const int Burst = 5;

    /// <summary>After a burst, one question for each of these.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private double _tokens = Burst;
    private long? _counted;
    private long _asked;

    public void OnAsk() => _asked = clock.GetTimestamp();

    /// <summary>How long to wait before the next question.</summary>
    /// <param name="isNews">Whether the answer was about a new index.</param>
    public TimeSpan AfterAnswer(bool isNews)
    {
        long now = clock.GetTimestamp();
        _tokens = Math.Min(Burst, _tokens + (_counted is { } then ? clock.GetElapsedTime(then, now) / Interval : 0));
        _counted = now;
        TimeSpan untilNext = Interval - clock.GetElapsedTime(_asked, now);
        if (!isNews)
        {
            return untilNext > TimeSpan.Zero ? untilNext : TimeSpan.Zero;
        }

        _tokens--;
        return _tokens >= 0 ? TimeSpan.Zero : -_tokens * Interval;
    }
}
