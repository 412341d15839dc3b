using Mesh.Client.Limits.Rooms;
using Mesh.Client.Nodes;

namespace Mesh.Client.Pipeline.Bodies;

/// <summary>A body that may hold its call's place in a room until it ends.</summary>
internal class HeldContent(HttpContent inner, Attempt attempt, long elapsed, TimeProvider clock) : TrackedContent(inner, attempt, elapsed, clock)
{
    // Few calls have one: what only these need is no part of the others.
    private Stay? _stay;

    /// <summary>Takes over a place. To be called before anybody reads.</summary>
    public void Hold(Room room, long entered, long answered, bool isSample) => _stay = new Stay(room, entered, answered, isSample);

    protected override void OnEnd() => _stay?.End();

    private sealed class Stay(Room room, long entered, long answered, bool isSample)
    {
        public void End() => room.Leave(entered, answered, isSample);
    }
}
