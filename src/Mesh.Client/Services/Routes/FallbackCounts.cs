using Mesh.Client.Balancing.Fallbacks;

namespace Mesh.Client.Services.Routes;

/// <summary>How often calls of a service went elsewhere than they were meant to.</summary>
/// <param name="began">Told when calls begin to, and what they were meant for.</param>
/// <param name="ceased">Told when they have ceased to, with their number so far.</param>
/// <param name="counted">Told of each call, and whether it left a <c>subset</c> or a <c>lane</c>.</param>
internal sealed class FallbackCounts(Action<string>? began = null, Action<long>? ceased = null, Action<string>? counted = null)
{
    /// <summary>Past a subset that had no healthy endpoint.</summary>
    public FallbackCount Subset { get; } = new(began, () => counted?.Invoke("subset"));

    /// <summary>Out of a lane that had none.</summary>
    public FallbackCount Lane { get; } = new(began, () => counted?.Invoke("lane"));

    /// <summary>Looks whether calls still do. Every minute: a lane that comes and goes does not fill the log.</summary>
    public void Sweep()
    {
        foreach (FallbackCount count in (ReadOnlySpan<FallbackCount>)[Subset, Lane])
        {
            if (count.HasCeased())
            {
                ceased?.Invoke(count.Value);
            }
        }
    }
}
