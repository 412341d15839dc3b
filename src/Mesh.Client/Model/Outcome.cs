namespace Mesh.Client.Model;

/// <summary>The one verdict on an attempt, read by the breaker, the balancer, the retries and the telemetry alike.</summary>
public enum Outcome
{
    /// <summary>The endpoint did its part; 4xx and 501 included.</summary>
    Success,

    /// <summary>The endpoint's fault: a connect error, a reset, the full attempt timeout, or 5xx except 501.</summary>
    Failure,

    /// <summary>The endpoint asked for less: 429, or 503 with <c>Retry-After</c>.</summary>
    Overloaded,

    /// <summary>
    /// Says nothing of the endpoint: the caller cancelled, a deadline shorter than the attempt timeout passed, or a share of the caller's own is used up (a refusal with <c>x-envoy-ratelimited</c>).
    /// </summary>
    Ignored,
}
