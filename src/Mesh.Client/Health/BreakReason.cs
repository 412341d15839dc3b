namespace Mesh.Client.Health;

/// <summary>Why a gate changed its state.</summary>
internal enum BreakReason
{
    None,
    ConsecutiveFailures,
    FailureRatio,
    SlowCallRatio,
    SuccessRate,
    ProbeFailed,
    BreakTimePassed,
    ProbesSucceeded,
    EndpointAskedForLess,
    PauseOver,
}
