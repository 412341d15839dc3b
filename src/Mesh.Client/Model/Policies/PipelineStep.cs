namespace Mesh.Client.Model;

/// <summary>What one call of <c>ConfigurePipeline</c> adds around each attempt, whatever library it is written for.</summary>
internal abstract class PipelineStep
{
    /// <summary>The user's code.</summary>
    public abstract Delegate Code { get; }

    /// <summary>Tries the code.</summary>
    /// <returns>What is wrong with it; <see langword="null"/> where nothing is.</returns>
    public abstract string? Fault();
}
