namespace Mesh.Client.Model;

/// <summary>Where the counts of a limit are kept.</summary>
public enum LimitStore
{
    /// <summary>In this process, for itself.</summary>
    Memory,

    /// <summary>In Redis, for all processes that share the limit.</summary>
    Redis,
}
