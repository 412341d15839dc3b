using Mesh.Client.AspNetCore.Rejections;
using Mesh.Client.Inbound;
using Mesh.Client.Limits.Keys;
using Mesh.Client.Model;
using Microsoft.AspNetCore.Http;

namespace Mesh.Client.AspNetCore.Limits;

/// <summary>
/// The rate limits on requests, as <c>Server:RateLimits</c> has them in force. A limit that keeps its name and its key keeps what was spent, whatever else a reload changes.
/// </summary>
internal sealed class RequestLimits(Random random, TimeProvider clock)
{
    private const int MaxOnStack = 16;

    private readonly KeySeed _seed = KeySeed.Draw(random);
    private readonly Lock _renewal = new();
    private RequestLimitSet _set = RequestLimitSet.Empty;

    /// <summary>The limits in force.</summary>
    public RequestLimitSet For(ServerPolicy policy, long now)
    {
        RequestLimitSet set = Volatile.Read(ref _set);
        return ReferenceEquals(set.Policy, policy) ? set : Renew(policy, now);
    }

    /// <summary>Takes a permit from each limit, or from none where one of them is used up (but for what others take at the same moment).</summary>
    /// <returns>What the request is refused with; <see langword="null"/> where it may pass.</returns>
    public Rejection? Take(HttpContext context, ServerPolicy policy, InboundRequest inbound, string service, long now)
    {
        RequestLimit[] limits = For(policy, now).Limits;
        Span<KeyHash> keys = limits.Length <= MaxOnStack ? stackalloc KeyHash[MaxOnStack] : new KeyHash[limits.Length];
        var source = new RequestKeySource(context, inbound, service);
        for (int i = 0; i < limits.Length; i++)
        {
            keys[i] = limits[i].Policy.Key.Parts.IsEmpty ? default : KeyReader.Read(limits[i].Policy.Key, source, _seed);
        }

        // Asked first where there are several, so that a request that one of them refuses costs the others nothing.
        for (int permits = limits.Length > 1 ? 0 : 1; permits <= 1; permits++)
        {
            for (int i = 0; i < limits.Length; i++)
            {
                if (!limits[i].TryAcquire(keys[i], now, permits, out TimeSpan retryAfter))
                {
                    return Refused(limits[i].Policy, retryAfter);
                }
            }
        }

        return null;
    }

    private static Rejection Refused(RateLimitPolicy policy, TimeSpan retryAfter) => new(RejectionReason.RateLimited, policy.Name)
    {
        RetryAfter = retryAfter,
        Limit = policy,
    };

    private RequestLimitSet Renew(ServerPolicy policy, long now)
    {
        lock (_renewal)
        {
            if (!ReferenceEquals(_set.Policy, policy))
            {
                Volatile.Write(ref _set, _set.With(policy, clock.TimestampFrequency, now));
            }

            return _set;
        }
    }
}
