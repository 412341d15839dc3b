using Mesh.Client.Model;

namespace Mesh.Client.Probing;

/// <summary>What all probes of a service share: the clock, the dice and a bound on how many are out at once.</summary>
internal sealed class ProbeRounds(TimeProvider clock, Random random)
{
    /// <summary>So many probes of one service are out at once.</summary>
    public const int MaxAtOnce = 64;

    // Up to this part of each interval is left out, so that the probes of many processes do not fall into step.
    private const double Jitter = 0.1;

    public TimeProvider Clock => clock;

    public Random Random => random;

    public SemaphoreSlim Slots { get; } = new(MaxAtOnce);

    /// <summary>The wait before the first probe: anywhere within the interval.</summary>
    public Task FirstAsync(HealthCheckPolicy policy, CancellationToken cancellationToken) =>
        Task.Delay(policy.Interval * random.NextDouble(), clock, cancellationToken);

    /// <summary>The wait from the end of one probe to the next.</summary>
    public Task NextAsync(HealthCheckPolicy policy, CancellationToken cancellationToken) =>
        Task.Delay(policy.Interval * (1 - (Jitter * random.NextDouble())), clock, cancellationToken);
}
