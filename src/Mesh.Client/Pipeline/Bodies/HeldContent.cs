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
    public void Hold(Room room, long entered, long answered, bool isSample)
    {
        var stay = new Stay(room, entered, answered, isSample);

        // A place is given back before anybody is told.
        _watcher = _watcher is { } others ? new Both(stay, others) : stay;
    }

    /// <summary>Has somebody told of the end. To be called before anybody reads.</summary>
    public void Watch(BodyWatcher watcher) => _watcher = _watcher is { } first ? new Both(first, watcher) : watcher;

    protected override void OnEnd(Outcome outcome, BodyEnd end, Exception? error) => _watcher?.OnEnd(outcome, end, error);

    private sealed class Stay(Room room, long entered, long answered, bool isSample) : BodyWatcher
    {
        public override void OnEnd(Outcome outcome, BodyEnd end, Exception? error) => room.Leave(entered, answered, isSample);
    }

    private sealed class Both(BodyWatcher first, BodyWatcher then) : BodyWatcher
    {
        public override void OnEnd(Outcome outcome, BodyEnd end, Exception? error)
        {
            first.OnEnd(outcome, end, error);
            then.OnEnd(outcome, end, error);
        }
    }
}
