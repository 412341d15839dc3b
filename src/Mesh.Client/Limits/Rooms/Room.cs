using Mesh.Client.Limits.Adaptive;
using Mesh.Client.Limits.Concurrency;
using Mesh.Client.Model;

namespace Mesh.Client.Limits.Rooms;

/// <summary>The room for calls or requests: a limit on what is under way, fixed or moved by the latency that is seen.</summary>
internal sealed class Room
{
    private readonly AdaptiveLimit? _adaptive;

    /// <summary>Makes it.</summary>
    /// <param name="policy">The limit.</param>
    /// <param name="before">What was in force until now: what is under way and what was learned goes on.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="random">For the jitter of an adaptive limit.</param>
    public Room(ConcurrencyPolicy policy, Room? before, TimeProvider clock, Random random)
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

    /// <summary>Gives a place back.</summary>
    /// <param name="entered">The timestamp at which it was taken.</param>
    /// <param name="now">The present timestamp.</param>
    /// <param name="isSample">Whether the time says something of the load.</param>
    public void Leave(long entered, long now, bool isSample)
    {
        if (isSample)
        {
            _adaptive?.Succeeded(entered, now);
        }

        Limit.Release();
    }

    /// <summary>Gives a place back that somebody took who was told that it is too much.</summary>
    public void LeaveRefused(long now)
    {
        _adaptive?.Dropped(now);
        Limit.Release();
    }
}
