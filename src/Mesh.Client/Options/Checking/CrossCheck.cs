using System.Globalization;
using Mesh.Client.Model;
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

        double factor = options.LoadBalancing.HashBalanceFactor;
        if (factor is > 0 and < 1 && (inherited is null || !factor.Equals(inherited.LoadBalancing.HashBalanceFactor)))
        {
            errors.Add(
                $"{prefix}{nameof(options.LoadBalancing)}:{nameof(LoadBalancingOptions.HashBalanceFactor)}",
                factor.ToString(CultureInfo.InvariantCulture),
                "is less than an even share, which not all endpoints can stay below; write 1 or more, such as 1.25, or 0 for no bound");
        }

        (HealthCheckType, string) probe = (options.HealthCheck.Type, options.HealthCheck.Path);
        if (probe is (HealthCheckType.Tcp, { Length: > 0 }) && (inherited is null || probe != (inherited.HealthCheck.Type, inherited.HealthCheck.Path)))
        {
            errors.Add(
                $"{prefix}{nameof(options.HealthCheck)}:{nameof(HealthCheckOptions.Path)}",
                probe.Item2,
                "is of no use to a probe of type Tcp; remove it, or write \"Type\": \"Http\"");
        }

        // A path of its own was read by its own type; one that was inherited may be of the other kind.
        bool isPath = probe.Item2.StartsWith('/');
        if (probe is (not HealthCheckType.Tcp, { Length: > 0 })
            && isPath == probe.Item1 is HealthCheckType.Grpc
            && inherited is not null && probe.Item2 == inherited.HealthCheck.Path && probe.Item1 != inherited.HealthCheck.Type)
        {
            errors.Add(
                $"{prefix}{nameof(options.HealthCheck)}:{nameof(HealthCheckOptions.Path)}",
                probe.Item2,
                isPath ? "is no name of a service that a probe of type Grpc could ask for; write one, or \"\" for the whole server" : "is no path of a request; write one that begins with \"/\", or \"\" for no probe");
        }
    }

    private static (TimeSpan First, TimeSpan Most) Breaks(ServiceOptions options) => (options.CircuitBreaker.BreakDuration, options.CircuitBreaker.MaxBreakDuration);

    private static (TimeSpan First, TimeSpan Most) Delays(ServiceOptions options) => (options.Retry.BaseDelay, options.Retry.MaxDelay);

    private static string Text(TimeSpan duration) => duration.ToString("c", CultureInfo.InvariantCulture);
}
