using Mesh.Client.Balancing.Fallbacks;

namespace Mesh.Client.Services.Routes;

/// <summary>How often calls of a service went elsewhere than they were meant to.</summary>
internal sealed class FallbackCounts
{
    /// <summary>Past a subset that had no healthy endpoint.</summary>
    public FallbackCount Subset { get; } = new();

    /// <summary>Out of a lane that had none.</summary>
    public FallbackCount Lane { get; } = new();
}
