namespace Mesh.Client.Retries;

/// <summary>
/// Exponential back-off with full jitter: anything from nothing up to the doubled ceiling, so that callers that failed together do not come
/// back together. M. Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015.
/// </summary>
internal static class Backoff
{
    /// <summary>The wait before a retry.</summary>
    /// <param name="retry">1 for the first retry.</param>
    /// <param name="baseDelay">The ceiling of the first wait.</param>
    /// <param name="maxDelay">The ceiling of all waits.</param>
    /// <param name="random">The source of the jitter.</param>
    public static TimeSpan FullJitter(int retry, TimeSpan baseDelay, TimeSpan maxDelay, Random random)
    {
        double ceiling = Math.Min(maxDelay.Ticks, baseDelay.Ticks * Math.Pow(2, Math.Min(retry - 1, 40)));
        return TimeSpan.FromTicks((long)(random.NextDouble() * ceiling));
    }
}
