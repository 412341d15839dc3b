using Mesh.Client.Limits.Rooms;
using Mesh.Client.Model;
using Mesh.Client.Nodes;

namespace Mesh.Client.Pipeline.Bodies;

/// <summary>A body that may hold its call's place in a room until it ends, and whose end others may wait for.</summary>
internal class HeldContent(HttpContent inner, Attempt attempt, long elapsed, TimeProvider clock) : TrackedContent(inner, attempt, elapsed, clock)
{
    // Few calls have one: what only these need is no part of the others.
    private BodyWatcher? _watcher;

    /// <summary>Takes over a place. To be called before anybody reads.</summary>
    public void Hold(Room room, long entered, long answered, bool isSample) => Watch(new Stay(room, entered, answered, isSample));

    /// <summary>Has somebody told of the end. To be called before anybody reads.</summary>
    public void Watch(BodyWatcher watcher)
    {
        // Behind the others: a place is given back before anybody is told.
        ref BodyWatcher? last = ref _watcher;
        while (last is not null)
        {
            last = ref last.Next;
        }

        last = watcher;
    }

    protected override void OnEnd(Outcome outcome, BodyEnd end, Exception? error)
    {
        for (BodyWatcher? watcher = _watcher; watcher is not null; watcher = watcher.Next)
        {
            watcher.OnEnd(outcome, end, error);
        }
    }

    private sealed class Stay(Room room, long entered, long answered, bool isSample) : BodyWatcher
    {
        public override void OnEnd(Outcome outcome, BodyEnd end, Exception? error) => room.Leave(entered, answered, isSample);
    }
}
