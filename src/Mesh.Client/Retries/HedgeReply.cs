namespace Mesh.Client.Retries;

/// <summary>The reply to one of several attempts at a time. Polly disposes the replies that it does not take.</summary>
internal sealed class HedgeReply(AttemptReply reply) : IDisposable
{
    public AttemptReply Reply => reply;

    public void Dispose() => reply.Response?.Dispose();
}
