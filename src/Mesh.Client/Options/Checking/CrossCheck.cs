using System.Globalization;
using Mesh.Client.Options.Reading;

namespace Mesh.Client.Options.Checking;

/// <summary>Checks values of one service against each other.</summary>
internal static class CrossCheck
{
    /// <summary>Reports the pairs that do not go together.</summary>
    /// <param name="options">The service.</param>
    /// <param name="inherited">What it started from: pairs that were wrong there are reported there.</param>
    /// <param name="prefix">What to put before the keys.</param>
    /// <param name="errors">Where to report.</param>
    public static void Service(ServiceOptions options, ServiceOptions? inherited, string prefix, OptionErrors errors)
    {
        (TimeSpan, TimeSpan) breaks = Breaks(options);
        if (breaks.Item1 > breaks.Item2 && (inherited is null || breaks != Breaks(inherited)))
        {
            errors.Add(
                $"{prefix}{nameof(options.CircuitBreaker)}:{nameof(CircuitBreakerOptions.BreakDuration)}",
                Text(breaks.Item1),
                $"is longer than {nameof(CircuitBreakerOptions.MaxBreakDuration)} ({Text(breaks.Item2)}); lower it or raise the other");
        }

        (TimeSpan, TimeSpan) delays = Delays(options);
        if (delays.Item1 > delays.Item2 && (inherited is null || delays != Delays(inherited)))
        {
            errors.Add(
                $"{prefix}{nameof(options.Retry)}:{nameof(RetryOptions.BaseDelay)}",
                Text(delays.Item1),
                $"is longer than {nameof(RetryOptions.MaxDelay)} ({Text(delays.Item2)}); lower it or raise the other");
        }
    }

    private static (TimeSpan First, TimeSpan Most) Breaks(ServiceOptions options) => (options.CircuitBreaker.BreakDuration, options.CircuitBreaker.MaxBreakDuration);

    private static (TimeSpan First, TimeSpan Most) Delays(ServiceOptions options) => (options.Retry.BaseDelay, options.Retry.MaxDelay);

    private static string Text(TimeSpan duration) => duration.ToString("c", CultureInfo.InvariantCulture);
}
