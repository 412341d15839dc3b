namespace Mesh.Client.Health;

/// <summary>Why a gate changed its state.</summary>
internal enum BreakReason
{
    None,
    ConsecutiveFailures,
    FailureRatio,
    SlowCallRatio,
    ProbeFailed,
    BreakTimePassed,
    ProbesSucceeded,
    EndpointAskedForLess,
    PauseOver,
}
