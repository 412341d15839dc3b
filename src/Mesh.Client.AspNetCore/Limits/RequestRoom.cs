using Mesh.Client.Inbound;
using Mesh.Client.Limits.Concurrency;
using Mesh.Client.Limits.Rooms;
using Mesh.Client.Model;

namespace Mesh.Client.AspNetCore.Limits;

/// <summary>
/// The room for requests. What is sheddable is refused where four fifths of the limit are under way, what is critical only where six fifths are: a burst of either leaves room for what
/// matters more, and what matters most is bounded too.
/// </summary>
internal sealed class RequestRoom
{
    private const double SheddablePart = 0.8;
    private const double CriticalPart = 1.2;

    private readonly Room _room;

    /// <summary>Makes it.</summary>
    /// <param name="policy">The limit.</param>
    /// <param name="before">What was in force until now: what is under way and what was learned goes on.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="random">For the jitter of an adaptive limit.</param>
    public RequestRoom(ConcurrencyPolicy policy, RequestRoom? before, TimeProvider clock, Random random) => _room = new Room(policy, before?._room, clock, random);

    public Room Room => _room;

    public ConcurrencyPolicy Policy => _room.Policy;

    public ConcurrencyLimit Limit => _room.Limit;

    /// <summary>Lets a request in at once; whoever is let in must <see cref="Leave"/>.</summary>
    public bool TryEnter(InboundPriority priority) => priority switch
    {
        InboundPriority.Critical => Limit.TryAcquireBelow((int)Math.Ceiling(Limit.Limit * CriticalPart)),
        InboundPriority.Sheddable => Limit.TryAcquireBelow(Math.Max(1, (int)(Limit.Limit * SheddablePart))),
        _ => Limit.TryAcquire(),
    };

    /// <inheritdoc cref="Room.Leave"/>
    public void Leave(long entered, long now, bool isSample) => _room.Leave(entered, now, isSample);
}
