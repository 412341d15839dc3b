using Mesh.Client.Limits.Rooms;
using Mesh.Client.Nodes;

namespace Mesh.Client.Pipeline.Bodies;

/// <summary>A body that may hold its call's place in a room until it ends.</summary>
internal class HeldContent(HttpContent inner, Attempt attempt, long elapsed, TimeProvider clock) : TrackedContent(inner, attempt, elapsed, clock)
{
    private Room? _room;
    private long _entered;
    private long _answered;
    private bool _isSample;

    /// <summary>Takes over a place. To be called before anybody reads.</summary>
    public void Hold(Room room, long entered, long answered, bool isSample)
    {
        _room = room;
        _entered = entered;
        _answered = answered;
        _isSample = isSample;
    }

    protected override void OnEnd() => _room?.Leave(_entered, _answered, _isSample);
}
