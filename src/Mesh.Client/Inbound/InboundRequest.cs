using System.Net;

namespace Mesh.Client.Inbound;

/// <summary>A request that this process serves: what the calls that it makes meanwhile inherit.</summary>
internal sealed class InboundRequest
{
    private volatile bool _isEnded;
    private volatile int _attemptsBelow;
    private InboundRequest? _whole;

    /// <summary>The service that calls; <see langword="null"/> where nobody trusted said so.</summary>
    public string? Caller { get; init; }

    public InboundPriority Priority { get; init; } = InboundPriority.Default;

    /// <summary>The lane that it travels in; <see langword="null"/> where it is in none.</summary>
    public string? Lane { get; init; }

    /// <summary>The timestamp at which its caller gives up; <see cref="long.MaxValue"/> where it did not say.</summary>
    public long Deadline { get; init; } = long.MaxValue;

    /// <summary>Where the client is; <see langword="null"/> where that is not known.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>Whether the address is in a trusted network.</summary>
    public bool IsTrusted { get; init; }

    /// <summary>Whether it was answered. What it left running in the background keeps its lane and its caller, and no longer its deadline.</summary>
    public bool IsEnded => _isEnded || _whole is { IsEnded: true };

    /// <summary>The attempts of a call on its behalf that failed for good; 0 where none did.</summary>
    public int AttemptsBelow => _attemptsBelow;

    /// <summary>The reply, as the receiving side knows it.</summary>
    public object? Reply { get; set; }

    /// <summary>The deadline that holds now for calls on its behalf; <see cref="long.MaxValue"/> is none.</summary>
    public long DeadlineInForce => IsEnded ? long.MaxValue : Deadline;

    /// <summary>The same request as it is for calls that enter a lane on its behalf. It ends with this one.</summary>
    public InboundRequest InLane(string lane) => new()
    {
        _whole = this,
        Caller = Caller,
        Priority = Priority,
        Lane = lane,
        Deadline = Deadline,
        Address = Address,
        IsTrusted = IsTrusted,
    };

    /// <summary>Notes a call on its behalf that failed for good.</summary>
    public void NoteFailureBelow(int attempts)
    {
        _attemptsBelow = Math.Max(_attemptsBelow, attempts);
        _whole?.NoteFailureBelow(attempts);
    }

    public void End() => _isEnded = true;
}
