using Mesh.Client.Model;

namespace Mesh.Client.Tests.Models.Breaker;

/// <summary>One step in the life of a few endpoints with breakers.</summary>
/// <param name="Verb">What happens.</param>
/// <param name="Endpoint">To which endpoint; for the end of a call, to which of those under way.</param>
/// <param name="Outcome">How a call ends.</param>
/// <param name="Is500">Whether as a plain 500.</param>
/// <param name="Time">How long it took, or how far the clock goes.</param>
/// <param name="Pause">How long the endpoint asks to be left alone.</param>
internal sealed record BreakerCommand(BreakerVerb Verb, int Endpoint, Outcome Outcome, bool Is500, TimeSpan Time, TimeSpan Pause);
