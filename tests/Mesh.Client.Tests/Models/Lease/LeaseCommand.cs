namespace Mesh.Client.Tests.Models.Lease;

/// <summary>One step in the life of a process with a share of a quota.</summary>
/// <param name="Verb">What happens.</param>
/// <param name="Process">To which process.</param>
/// <param name="Amount">How many permits, or how many milliseconds.</param>
internal sealed record LeaseCommand(LeaseVerb Verb, int Process, int Amount);
