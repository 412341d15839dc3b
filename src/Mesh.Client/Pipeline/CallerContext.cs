using Mesh.Client.Pipeline.Observed;

namespace Mesh.Client.Pipeline;

/// <summary>What the pipeline needs to know of the HTTP client that calls.</summary>
internal sealed record CallerContext
{
    /// <summary>Replaces the policy's value for this client.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Replaces the policy's value for this client.</summary>
    public TimeSpan? AttemptTimeout { get; init; }

    /// <summary>Replaces the policy's value for this client.</summary>
    public int? MaxAttempts { get; init; }

    /// <summary>The timestamp by which the request that is served meanwhile must be answered; <see langword="null"/> where it does not say.</summary>
    public long? InheritedDeadline { get; init; }

    /// <summary>Whether the client's own handler would have followed redirects.</summary>
    public bool FollowRedirects { get; init; } = true;

    /// <summary>Follows a redirect to its end; <see langword="null"/> where a redirect is the answer.</summary>
    public Func<Call, HttpResponseMessage, CallLimits, Task<HttpResponseMessage>>? Follow { get; init; }

    /// <summary>How many redirects led to this call.</summary>
    public int Redirects { get; init; }

    /// <summary>The times of the call that was redirected here, or that this one is made for: what is left of them is all there is.</summary>
    public CallLimits? Before { get; init; }

    /// <summary>What the call's span says; <see langword="null"/> where nobody wants it.</summary>
    public CallTrace? Trace { get; init; }

    /// <summary>The same client with a time within which its call must be over.</summary>
    public CallerContext Within(TimeSpan timeout, long deadline) =>
        Before is { } before && before.Deadline <= deadline ? this : this with { Before = new CallLimits(timeout, TimeSpan.Zero, deadline) };
}
