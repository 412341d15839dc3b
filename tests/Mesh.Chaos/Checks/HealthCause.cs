namespace Mesh.Chaos.Checks;

/// <summary>What speaks against an instance.</summary>
internal enum HealthCause
{
    /// <summary>A fault of the schedule strikes it.</summary>
    Struck,

    /// <summary>No instance can be reached.</summary>
    Dark,

    /// <summary>It does not answer in time past proxies and mesh.</summary>
    Silent,

    /// <summary>It was started and Consul does not list it yet.</summary>
    Unlisted,
}
