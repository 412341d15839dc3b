using Mesh.Client.Inbound;
using Mesh.Client.Limits.Keys;
using Mesh.Client.Limits.Quotas;
using Mesh.Client.Limits.Sets;
using Mesh.Client.Model;
using Mesh.Client.Telemetry.Metrics;
using Microsoft.AspNetCore.Http;

namespace Mesh.Client.AspNetCore.Limits;

/// <summary>The rate limits on requests, as <c>Server:RateLimits</c> has them in force.</summary>
/// <param name="random">The randomness.</param>
/// <param name="clock">The clock.</param>
/// <param name="service">Gives the service that this process is.</param>
/// <param name="quotas">Gives what this process holds of the fleet's store.</param>
/// <param name="metrics">Where permits are counted.</param>
internal sealed class RequestLimits(Random random, TimeProvider clock, Func<string> service, Func<QuotaKeeper?> quotas, MeshMetrics? metrics = null)
{
    private readonly LimitTable _table = new(() => $"server:{service()}", KeySeed.Draw(random), quotas, clock, metrics);

    /// <summary>The limits in force.</summary>
    public LimitSet For(ServerPolicy policy, long now) => _table.For(policy.RateLimits, now);

    /// <summary>Takes a permit from each limit, where none of them may have to wait.</summary>
    /// <returns>What refuses the request; <see langword="null"/> where it may pass.</returns>
    public LimitRefusal? Take(HttpContext context, ServerPolicy policy, InboundRequest inbound, string name, long now) =>
        For(policy, now).Take(new RequestKeySource(context, inbound, name), now);

    /// <summary>Takes a permit from each limit, and waits where a limit has a queue or is the fleet's.</summary>
    public ValueTask<LimitRefusal?> TakeAsync(HttpContext context, ServerPolicy policy, InboundRequest inbound, string name, long now) =>
        For(policy, now).TakeAsync(
            new RequestKeySource(context, inbound, name),
            now,
            inbound.Deadline == long.MaxValue ? TimeSpan.MaxValue : clock.GetElapsedTime(now, inbound.Deadline),
            context.RequestAborted);
}
