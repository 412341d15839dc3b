namespace Mesh.Client.Model;

/// <summary>How a rate limit counts.</summary>
public enum RateLimitAlgorithm
{
    /// <summary>A bucket that fills evenly, permit by permit: any stretch of time <c>t</c> lets through <c>Burst + Permits × t ÷ Per</c> at most.</summary>
    TokenBucket,

    /// <summary>A count for each window, which starts again from 0 at its end: twice <c>Permits</c> may pass around the end of a window.</summary>
    FixedWindow,

    /// <summary>
    /// A count for this window and the one before it, of which the share counts that the last <c>Per</c> still covers: any stretch of time <c>t</c> lets through
    /// <c>Permits × (1 + t ÷ Per)</c> at most.
    /// </summary>
    SlidingWindow,
}
