namespace Mesh.Client.Services;

/// <summary>What this process holds of a limit that its fleet shares.</summary>
/// <param name="Held">The permits at hand.</param>
/// <param name="Processes">How many processes share the limit, as the store said last; 0 where it has said nothing.</param>
/// <param name="IsFailing">Whether the store did not answer the last time.</param>
public sealed record LeaseStatus(long Held, int Processes, bool IsFailing);
