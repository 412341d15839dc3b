using Mesh.Client.Services;

namespace Mesh.Client.Explaining;

/// <summary>An endpoint that a call may go to.</summary>
/// <param name="Rank">0 for the endpoints that the call is meant for. Those of a higher number take it only where none of a lower one can.</param>
/// <param name="Status">Its state now.</param>
public sealed record EndpointExplanation(int Rank, EndpointStatus Status);
