using Mesh.Client.Health;
using Mesh.Client.Model;

namespace Mesh.Client.Nodes;

/// <summary>
/// One try on one node: a token from <see cref="EndpointNode.TryBegin"/>, completed exactly once. It is a value so that the happy path
/// allocates nothing; whoever holds it last completes it. After Netflix concurrency-limits' <c>Limiter.Listener</c>.
/// </summary>
internal struct Attempt : IDisposable
{
    private readonly GateTicket _ticket;
    private EndpointNode? _open;

    internal Attempt(EndpointNode node, long started, GateTicket ticket)
    {
        Node = node;
        _open = node;
        Started = started;
        _ticket = ticket;
    }

    public EndpointNode Node { get; }

    /// <summary>The timestamp at which it began.</summary>
    public long Started { get; }

    /// <summary>Whether it began and has not been completed.</summary>
    public readonly bool IsOpen => _open is not null;

    /// <summary>Gives the verdict.</summary>
    /// <param name="result">The verdict.</param>
    /// <param name="now">The timestamp of the end.</param>
    public void Complete(in AttemptResult result, long now)
    {
        EndpointNode? node = _open;
        _open = null;
        node?.End(_ticket, result, now);
    }

    /// <summary>Hands the token on: this one is spent, the returned one is to be completed.</summary>
    public Attempt Move()
    {
        Attempt moved = this;
        _open = null;
        return moved;
    }

    /// <summary>Completes as <see cref="Outcome.Ignored"/> where no verdict was given.</summary>
    public void Dispose()
    {
        if (_open is not null)
        {
            Complete(new AttemptResult(Outcome.Ignored, false, 0), Started);
        }
    }
}
