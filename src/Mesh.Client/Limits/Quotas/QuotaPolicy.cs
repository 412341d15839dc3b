using Mesh.Client.Model;

namespace Mesh.Client.Limits.Quotas;

/// <summary>A quota that a fleet shares.</summary>
/// <param name="Name">Its name, the same in all processes.</param>
/// <param name="Permits">The permits of a window for the whole fleet.</param>
/// <param name="Window">The length of a window.</param>
internal sealed record QuotaPolicy(string Name, long Permits, TimeSpan Window)
{
    public StoreFailureMode OnFailure { get; init; } = StoreFailureMode.LocalShare;

    /// <summary>The most keys that one process holds leases for.</summary>
    public int MaxKeys { get; init; } = 100_000;
}
