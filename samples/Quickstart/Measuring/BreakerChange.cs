using Mesh.Client.Health;

namespace Quickstart.Measuring;

/// <summary>A breaker changed its state, and the mesh said so.</summary>
/// <param name="At">When.</param>
/// <param name="Endpoint">Whose breaker, as host:port.</param>
/// <param name="State">What it is now.</param>
/// <param name="Reason">Why.</param>
/// <param name="Until">When an ejected endpoint is tried again.</param>
internal sealed record BreakerChange(TimeSpan At, string Endpoint, BreakerState State, string Reason, TimeSpan Until);
