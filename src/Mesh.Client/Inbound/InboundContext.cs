using Mesh.Client.Traffic;

namespace Mesh.Client.Inbound;

/// <summary>Tells an outbound call which request it is made for. One for each mesh, with the only <see cref="AsyncLocal{T}"/>.</summary>
internal sealed class InboundContext
{
    private readonly AsyncLocal<InboundRequest?> _current = new();
    private bool _isServing;
    private volatile bool _marksReplies;
    private volatile CallerTable? _callers;

    /// <summary>The request being served. A process that serves none, and puts no call into a lane, does not even look.</summary>
    public InboundRequest? Current => _isServing ? _current.Value : null;

    /// <summary>Whether there may be such a request.</summary>
    public bool IsServing => _isServing;

    /// <summary>Whether a call on behalf of a request has ever failed here for good: from then on replies are looked at before they leave.</summary>
    public bool MarksReplies => _marksReplies;

    /// <summary>What each caller asks of this process; <see langword="null"/> where nobody looks.</summary>
    public CallerTable? Callers
    {
        get => _callers;
        set => _callers = value;
    }

    /// <summary>Says that requests will come.</summary>
    public void Serve() => _isServing = true;

    /// <summary>A call on behalf of the request that is served failed for good, and everything was done about it here or further down.</summary>
    /// <param name="attempts">The attempts of the call.</param>
    public void NoteFailureBelow(int attempts)
    {
        if (Current is { IsEnded: false } request)
        {
            request.NoteFailureBelow(attempts);
            _marksReplies = true;
        }
    }

    /// <summary>Lets the calls from here on down the call chain be in a lane, as if the request that is served were.</summary>
    public void EnterLane(string lane)
    {
        InboundRequest request = Current?.InLane(lane) ?? new InboundRequest { Lane = lane };
        _isServing = true;
        _current.Value = request;
    }

    /// <summary>Makes a request the one that is served from here on down the call chain.</summary>
    public void Enter(InboundRequest? request) => _current.Value = request;
}
