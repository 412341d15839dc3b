namespace Mesh.Agent.Options;

/// <summary>What was seen of a file at one look.</summary>
/// <param name="Content">Its bytes; empty where it could not be read.</param>
/// <param name="Fault">Why it could not be read; empty where it could.</param>
internal sealed record AgentFileLook(byte[] Content, string Fault)
{
    /// <summary>Whether another look saw the same.</summary>
    public bool IsAs(AgentFileLook? other) => other is not null && Fault == other.Fault && Content.AsSpan().SequenceEqual(other.Content);
}
