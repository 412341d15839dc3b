namespace Mesh.Client.Services;

/// <summary>What an endpoint's breaker has counted within <c>CircuitBreaker:SamplingDuration</c>. A tenth of it that sees more than 4 000 calls counts no further.</summary>
/// <param name="Calls">All calls that counted.</param>
/// <param name="Failures">Failures, plain 500s not included.</param>
/// <param name="ServerErrors">Plain 500s, which may be the request's fault.</param>
/// <param name="Slow">Calls whose headers took <c>CircuitBreaker:SlowCallDuration</c> or longer.</param>
public sealed record WindowStatus(int Calls, int Failures, int ServerErrors, int Slow);
