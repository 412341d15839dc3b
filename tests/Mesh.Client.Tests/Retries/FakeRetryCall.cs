using System.Net;
using Mesh.Client.Retries;

namespace Mesh.Client.Tests.Retries;

/// <summary>A call that asks for so many further attempts beyond the one that was allowed already.</summary>
internal sealed class FakeRetryCall(int retries) : IRetryCall
{
    private int _sent;

    public AttemptReply First { get; } = new(null, new HttpRequestException("first"), FailureKind.Reset, null);

    public TimeSpan Delay { get; init; }

    public int Sent => Volatile.Read(ref _sent);

    public int Asked { get; private set; }

    public ValueTask<AttemptReply> SendAgainAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _sent);
        return ValueTask.FromResult(new AttemptReply(new HttpResponseMessage(HttpStatusCode.OK), null, FailureKind.None, null));
    }

    public bool TryPrepareRetry(in AttemptReply reply)
    {
        Assert.NotSame(First.Exception, reply.Exception ?? new HttpRequestException());
        return Asked++ < retries;
    }
}
