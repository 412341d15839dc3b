namespace Mesh.Client.Consul.Registration;

/// <summary>The meta keys that are the mesh's own: they say nothing that an instance is known by, and become no labels.</summary>
internal static class MeshMeta
{
    public const string Prefix = "mesh-";

    /// <summary>Names the start of the process that registered the instance.</summary>
    public const string Process = "mesh-process";

    /// <summary>The weight, where it is no whole number from 1 on, as Consul's own weights are.</summary>
    public const string Weight = "mesh-weight";

    /// <summary>The most that an endpoint's weight can be.</summary>
    public const int MaxWeight = 65535;
}
