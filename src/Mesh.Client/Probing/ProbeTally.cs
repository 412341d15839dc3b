using Mesh.Client.Model;

namespace Mesh.Client.Probing;

/// <summary>Counts results in a row against the thresholds. An endpoint is well until proven otherwise.</summary>
internal sealed class ProbeTally
{
    private int _against;

    /// <summary>Whether the endpoint counts as unwell.</summary>
    public bool IsUnhealthy { get; private set; }

    /// <summary>Takes the endpoint's own word, which needs no second one.</summary>
    public void Set(bool well)
    {
        IsUnhealthy = !well;
        _against = 0;
    }

    /// <summary>Takes one result.</summary>
    /// <param name="well">Whether the probe went well.</param>
    /// <param name="policy">The thresholds.</param>
    /// <returns><see cref="IsUnhealthy"/> after it.</returns>
    public bool Count(bool well, HealthCheckPolicy policy)
    {
        // Only what speaks against the present state is counted, and one result for it wipes that out.
        _against = well == IsUnhealthy ? _against + 1 : 0;
        if (_against >= (IsUnhealthy ? policy.HealthyAfter : policy.UnhealthyAfter))
        {
            IsUnhealthy = !IsUnhealthy;
            _against = 0;
        }

        return IsUnhealthy;
    }
}
