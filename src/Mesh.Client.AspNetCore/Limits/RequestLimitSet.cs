using Mesh.Client.Model;

namespace Mesh.Client.AspNetCore.Limits;

/// <summary>The rate limits of one configuration.</summary>
/// <param name="Policy">The configuration, to be told by reference.</param>
/// <param name="Limits">The limits, in its order.</param>
internal sealed record RequestLimitSet(ServerPolicy? Policy, RequestLimit[] Limits)
{
    public static RequestLimitSet Empty { get; } = new(null, []);

    /// <summary>The limits of another configuration, with the state of those that stay.</summary>
    public RequestLimitSet With(ServerPolicy policy, long ticksPerSecond, long now) => new(policy, [.. policy.RateLimits.Items.Select(next =>
        Array.Find(Limits, l => string.Equals(l.Policy.Name, next.Name, StringComparison.OrdinalIgnoreCase)) is { } before && before.TryReload(next, now)
            ? before
            : new RequestLimit(next, ticksPerSecond, now))]);
}
