namespace Mesh.Benchmarks.Stubs;

/// <summary>
/// Holds the replies of a transport that really waits, and gives them out one after the other on the thread that asks. One thread does it all,
/// so that a call costs what it runs through and not what waking another thread costs, which is a multiple of it and varies.
/// </summary>
internal sealed class Pump
{
    private readonly Queue<(TaskCompletionSource<HttpResponseMessage> Waiting, StubReply Kind)> _waiting = new(64);

    public Task<HttpResponseMessage> Wait(StubReply kind)
    {
        var waiting = new TaskCompletionSource<HttpResponseMessage>();
        _waiting.Enqueue((waiting, kind));
        return waiting.Task;
    }

    /// <summary>Completes what waits, and all that comes to wait because of it, until there is nothing more.</summary>
    public void Drain()
    {
        while (_waiting.TryDequeue(out (TaskCompletionSource<HttpResponseMessage> Waiting, StubReply Kind) next))
        {
            next.Waiting.SetResult(StubContent.Reply(next.Kind));
        }
    }
}
