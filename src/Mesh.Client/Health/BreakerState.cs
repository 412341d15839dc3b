namespace Mesh.Client.Health;

/// <summary>Whether an endpoint's gate lets calls through.</summary>
public enum BreakerState
{
    /// <summary>All calls pass.</summary>
    Closed,

    /// <summary>The endpoint is ejected until its break time has passed.</summary>
    Open,

    /// <summary>The break time has passed; a few probes decide.</summary>
    HalfOpen,

    /// <summary>The endpoint asked for less and is left alone for as long as it said, 5 s at most.</summary>
    Paused,

    /// <summary>The endpoint's health check fails (<c>HealthCheck</c>). Below the panic threshold it is called all the same.</summary>
    Unhealthy,

    /// <summary>An operator took the endpoint out; it gets no calls at all until it is released.</summary>
    Isolated,
}
