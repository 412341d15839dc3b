using Mesh.Client.Model;

namespace Mesh.Client.Limits.Sets;

/// <summary>A call that a rate limit does not let pass.</summary>
/// <param name="Limit">The limit.</param>
/// <param name="RetryAfter">When to try again.</param>
internal sealed record LimitRefusal(RateLimitPolicy Limit, TimeSpan RetryAfter);
