using Mesh.Client.Inbound;
using Mesh.Client.Limits.Adaptive;
using Mesh.Client.Limits.Concurrency;
using Mesh.Client.Model;

namespace Mesh.Client.AspNetCore.Limits;

/// <summary>
/// The room for requests: a limit on what is under way, fixed or moved by the latency of the requests. What is sheddable is refused where four fifths of the limit are under way, what is
/// critical only where six fifths are: a burst of either leaves room for what matters more, and what matters most is bounded too.
/// </summary>
internal sealed class RequestRoom
{
    private const double SheddablePart = 0.8;
    private const double CriticalPart = 1.2;

    private readonly AdaptiveLimit? _adaptive;

    /// <summary>Makes it.</summary>
    /// <param name="policy">The limit.</param>
    /// <param name="before">What was in force until now: what is under way and what was learned goes on.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="random">For the jitter of an adaptive limit.</param>
    public RequestRoom(ConcurrencyPolicy policy, RequestRoom? before, TimeProvider clock, Random random)
    {
        Policy = policy;
        Limit = before?.Limit ?? new ConcurrencyLimit(Math.Max(policy.Limit, policy.MinLimit), policy.QueueLimit, clock);
        Limit.SetQueueLimit(policy.QueueLimit);
        if (policy.Adaptive)
        {
            ConcurrencyPolicy start = before?._adaptive is { } learned ? policy with { Limit = learned.Limit } : policy;
            _adaptive = new AdaptiveLimit(Limit, start, clock.TimestampFrequency, clock.GetTimestamp(), random);
        }
        else
        {
            Limit.SetLimit(policy.Limit);
        }
    }

    public ConcurrencyPolicy Policy { get; }

    public ConcurrencyLimit Limit { get; }

    /// <summary>Lets a request in at once; whoever is let in must <see cref="Leave"/>.</summary>
    public bool TryEnter(InboundPriority priority) => priority switch
    {
        InboundPriority.Critical => Limit.TryAcquireBelow((int)Math.Ceiling(Limit.Limit * CriticalPart)),
        InboundPriority.Sheddable => Limit.TryAcquireBelow(Math.Max(1, (int)(Limit.Limit * SheddablePart))),
        _ => Limit.TryAcquire(),
    };

    /// <summary>Gives the place back.</summary>
    /// <param name="entered">The timestamp at which the request was let in.</param>
    /// <param name="now">The present timestamp.</param>
    /// <param name="isSample">Whether its time says something of this service: it succeeded, and was no stream.</param>
    public void Leave(long entered, long now, bool isSample)
    {
        if (isSample)
        {
            _adaptive?.Succeeded(entered, now);
        }

        Limit.Release();
    }
}
