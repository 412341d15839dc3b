using Mesh.Client.Model;

namespace Mesh.Client.Health;

/// <summary>What a breaker needs to know of a finished attempt.</summary>
/// <param name="Outcome">The verdict.</param>
/// <param name="IsServerError">A plain 500, which may be the request's fault.</param>
/// <param name="Elapsed">Ticks until the headers, or until the attempt ended without them.</param>
/// <param name="PauseTicks">For how long the endpoint asked to be left alone; 0 where it did not ask.</param>
internal readonly record struct AttemptResult(Outcome Outcome, bool IsServerError, long Elapsed, long PauseTicks = 0);
