using Mesh.Client.Model;

namespace Mesh.Client.Retries.Grpc;

/// <summary>
/// Stops the retries of a service's gRPC calls while most of them fail (gRPC proposal A6, "Throttling Retry Attempts and Hedged RPCs"): a failure costs a token, a success
/// brings a part of one back, and half of the tokens must be there.
/// </summary>
internal sealed class RetryThrottle
{
    private const int Token = 1000;

    // What is missing rather than what is there, so that a full one needs no policy. In thousandths, as the proposal counts.
    private int _missing;

    /// <summary>Counts a call that succeeded.</summary>
    public void OnSuccess(RetryPolicy policy)
    {
        if (Volatile.Read(ref _missing) > 0)
        {
            Change(policy, -(int)(policy.ThrottleRatio * Token));
        }
    }

    /// <summary>Whether a call may be sent to a second endpoint beside the first.</summary>
    public bool AllowsHedge(RetryPolicy policy) => policy.ThrottleTokens == 0 || 2 * Volatile.Read(ref _missing) < policy.ThrottleTokens * Token;

    /// <summary>Counts a call that failed in a way that asks for a retry.</summary>
    /// <returns>Whether a retry may follow.</returns>
    public bool OnFailure(RetryPolicy policy) => policy.ThrottleTokens == 0 || 2 * Change(policy, Token) < policy.ThrottleTokens * Token;

    private int Change(RetryPolicy policy, int by)
    {
        while (true)
        {
            int missing = Volatile.Read(ref _missing);
            int next = Math.Clamp(missing + by, 0, policy.ThrottleTokens * Token);
            if (next == missing || Interlocked.CompareExchange(ref _missing, next, missing) == missing)
            {
                return next;
            }
        }
    }
}
