using Mesh.Client.Limits.Keys;
using Mesh.Client.Limits.Quotas;
using Mesh.Client.Model;
using Mesh.Client.Telemetry.Metrics;

namespace Mesh.Client.Limits.Sets;

/// <summary>The rate limits of one place, as the configuration has them. A limit that keeps its name, its key and its store keeps what was spent, whatever else a reload changes.</summary>
/// <param name="scope">What tells the place from others in the fleet.</param>
/// <param name="seed">What keys are hashed by.</param>
/// <param name="quotas">Gives what this process holds of the fleet's store; <see langword="null"/> where there is none.</param>
/// <param name="clock">The clock.</param>
/// <param name="metrics">Where permits are counted.</param>
internal sealed class LimitTable(Func<string> scope, KeySeed seed, Func<QuotaKeeper?> quotas, TimeProvider clock, MeshMetrics? metrics = null)
{
    private readonly Lock _renewal = new();
    private Renewal _current = new(default, new LimitSet([], seed, clock, null));

    /// <summary>The limits that were asked for last.</summary>
    public LimitSet Current => Volatile.Read(ref _current).Set;

    /// <summary>The limits in force.</summary>
    public LimitSet For(ValueList<RateLimitPolicy> policies, long now)
    {
        Renewal current = Volatile.Read(ref _current);
        return current.Policies.IsSame(policies) ? current.Set : Renew(policies, now);
    }

    private LimitSet Renew(ValueList<RateLimitPolicy> policies, long now)
    {
        lock (_renewal)
        {
            if (!_current.Policies.IsSame(policies))
            {
                LimitSet before = _current.Set;
                NamedLimit[] limits = [.. policies.Items.Select(next =>
                    before.Limits.FirstOrDefault(l => string.Equals(l.Policy.Name, next.Name, StringComparison.OrdinalIgnoreCase)) is { } kept && kept.TryReload(next, now)
                        ? kept
                        : new NamedLimit(next, scope(), next.Store is LimitStore.Redis ? quotas() : null, clock.TimestampFrequency, now, metrics?.PermitsOf(scope(), next.Name)))];
                Volatile.Write(ref _current, new Renewal(policies, new LimitSet(limits, seed, clock, metrics)));
            }

            return _current.Set;
        }
    }

    private sealed record Renewal(ValueList<RateLimitPolicy> Policies, LimitSet Set);
}
