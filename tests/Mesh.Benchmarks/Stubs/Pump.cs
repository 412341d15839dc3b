namespace Mesh.Benchmarks.Stubs;

/// <summary>
/// Holds the replies of a transport that really waits, and gives them out one after the other on the thread that asks. One thread does it all,
/// so that a call costs what it runs through and not what waking another thread costs, which is a multiple of it and varies.
/// </summary>
internal sealed class Pump
{
    private readonly Queue<Reply> _waiting = new(64);

    public Task<HttpResponseMessage> Wait(StubReply kind, CancellationToken watched)
    {
        var source = new TaskCompletionSource<HttpResponseMessage>();
        CancellationTokenRegistration registration =
            watched.UnsafeRegister(static s => ((TaskCompletionSource<HttpResponseMessage>)s!).TrySetCanceled(), source);
        _waiting.Enqueue(new(source, kind, registration));
        return source.Task;
    }

    /// <summary>Completes what waits, and all that comes to wait because of it, until there is nothing more.</summary>
    public void Drain()
    {
        while (_waiting.TryDequeue(out Reply next))
        {
            next.Registration.Dispose();
            next.Source.SetResult(StubContent.Reply(next.Kind));
        }
    }

    private readonly record struct Reply(TaskCompletionSource<HttpResponseMessage> Source, StubReply Kind, CancellationTokenRegistration Registration);
}
