namespace Mesh.Client.Faults;

/// <summary>One call on its way through the faults.</summary>
/// <param name="request">The call.</param>
/// <param name="plan">What it may suffer.</param>
/// <param name="count">The faults of its route.</param>
/// <param name="maxActive">The most of them at a time; 0 is no limit.</param>
/// <param name="left">The time that the call has; <see langword="null"/> where it has no end.</param>
internal sealed class FaultCall(HttpRequestMessage request, FaultPlan plan, FaultCount count, int maxActive, TimeSpan? left)
{
    private bool _isActive;
    private bool _isSpared;

    public FaultPlan Plan => plan;

    /// <summary>Whether it was held.</summary>
    public bool WasHeld { get; private set; }

    /// <summary>Whether its time was over before the delay was.</summary>
    public bool IsOutOfTime { get; private set; }

    /// <summary>Holds the call.</summary>
    /// <returns>How long; zero where enough others suffer.</returns>
    public TimeSpan Hold()
    {
        if (!TryEnter())
        {
            return TimeSpan.Zero;
        }

        WasHeld = true;
        count.OnDelay();
        if (left is { } time && time <= plan.Delay)
        {
            IsOutOfTime = true;
            return time > TimeSpan.Zero ? time : TimeSpan.Zero;
        }

        return plan.Delay;
    }

    /// <summary>Fails the call.</summary>
    /// <returns>The answer; <see langword="null"/> where enough others suffer.</returns>
    public HttpResponseMessage? Abort()
    {
        if (!TryEnter())
        {
            return null;
        }

        count.OnAbort();
        return FaultReply.Create(request, plan);
    }

    /// <summary>The call suffers no more.</summary>
    public void Leave()
    {
        if (_isActive)
        {
            _isActive = false;
            count.Leave();
        }
    }

    // A call that is held and then failed is one that suffers, as in Envoy; one that was spared stays so.
    private bool TryEnter()
    {
        if (!_isActive && !_isSpared)
        {
            _isActive = count.TryEnter(maxActive);
            _isSpared = !_isActive;
        }

        return _isActive;
    }
}
