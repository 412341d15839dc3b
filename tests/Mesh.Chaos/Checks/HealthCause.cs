namespace Mesh.Chaos.Checks;

/// <summary>What speaks against an instance.</summary>
[Flags]
internal enum HealthCause
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A fault of the schedule strikes it.</summary>
    Struck = 1,

    /// <summary>It does not answer in time past proxies and mesh.</summary>
    Silent = 2,

    /// <summary>It was started and Consul does not list it yet.</summary>
    Unlisted = 4,
}
