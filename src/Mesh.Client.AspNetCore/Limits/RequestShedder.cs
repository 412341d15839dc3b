using Mesh.Client.Inbound;
using Mesh.Client.Limits.Concurrency;
using Mesh.Client.Model;

namespace Mesh.Client.AspNetCore.Limits;

/// <summary>
/// How many requests may be under way at once, as <c>Server:Concurrency</c> says. What is sheddable is refused where four fifths of that are, what is critical only where six fifths are:
/// so a burst of either leaves room for what matters more, and the rest still bounds what matters most.
/// </summary>
internal sealed class RequestShedder(TimeProvider clock)
{
    private const double SheddablePart = 0.8;
    private const double CriticalPart = 1.2;

    private readonly Lock _renewal = new();
    private ConcurrencyPolicy? _policy;
    private ConcurrencyLimit? _limit;

    /// <summary>The limit in force; <see langword="null"/> where there is none. One that changes keeps count of what is under way.</summary>
    public ConcurrencyLimit? For(ConcurrencyPolicy policy) => ReferenceEquals(Volatile.Read(ref _policy), policy) ? _limit : Renew(policy);

    /// <summary>Lets a request in at once.</summary>
    public static bool TryEnter(ConcurrencyLimit limit, InboundPriority priority) => priority switch
    {
        InboundPriority.Critical => limit.TryAcquireBelow((int)Math.Ceiling(limit.Limit * CriticalPart)),
        InboundPriority.Sheddable => limit.TryAcquireBelow(Math.Max(1, (int)(limit.Limit * SheddablePart))),
        _ => limit.TryAcquire(),
    };

    private ConcurrencyLimit? Renew(ConcurrencyPolicy policy)
    {
        lock (_renewal)
        {
            if (policy.Limit == 0)
            {
                _limit = null;
            }
            else if (_limit is null)
            {
                _limit = new ConcurrencyLimit(policy.Limit, policy.QueueLimit, clock);
            }
            else
            {
                _limit.SetLimit(policy.Limit);
                _limit.SetQueueLimit(policy.QueueLimit);
            }

            Volatile.Write(ref _policy, policy);
            return _limit;
        }
    }
}
