namespace Mesh.Client.Limits.Adaptive;

/// <summary>
/// How a window of samples moves the limit: by the gradient of the latency without queueing over that of the window, and some room to grow (Netflix concurrency-limits,
/// <c>Gradient2Limit</c>; Envoy, adaptive concurrency).
/// </summary>
internal static class GradientRule
{
    /// <summary>By how much the latency may exceed the baseline before the limit falls.</summary>
    public const double Tolerance = 1.25;

    private const double LeastGradient = 0.5;
    private const double Smoothing = 0.3;
    private const double Change = 1.5;
    private const double LeastBackoff = 0.1;

    /// <summary>The limit after a window.</summary>
    /// <param name="limit">The limit before.</param>
    /// <param name="baseline">The latency without queueing.</param>
    /// <param name="latency">The window's latency.</param>
    /// <param name="mostInFlight">The most calls under way in the window: a limit that is not needed is not raised.</param>
    public static double Next(double limit, double baseline, double latency, int mostInFlight)
    {
        double gradient = Math.Clamp(baseline * Tolerance / latency, LeastGradient, 1);
        double next = (limit * (1 - Smoothing)) + (Smoothing * ((limit * gradient) + Math.Sqrt(limit)));
        return mostInFlight < limit / 2 ? limit : next;
    }

    /// <summary>The latency without queueing after it was measured again: the mean of both, or only the new one where it is quite another.</summary>
    public static double NextBaseline(double baseline, double measured) => measured > baseline * Change || measured < baseline / Change ? measured : (baseline + measured) / 2;

    /// <summary>The limit after a window in which calls were turned away by the other side.</summary>
    /// <param name="limit">The limit before.</param>
    /// <param name="share">Which part of the calls that was.</param>
    public static double AfterDrops(double limit, double share) => limit * (1 - Math.Clamp(share, LeastBackoff, LeastGradient));
}
