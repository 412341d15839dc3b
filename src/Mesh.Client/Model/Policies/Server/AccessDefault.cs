namespace Mesh.Client.Model;

/// <summary>What becomes of a request that no access rule matches.</summary>
public enum AccessDefault
{
    /// <summary>It is denied where any rule allows, since then what is allowed has been listed, and allowed otherwise.</summary>
    Auto,

    /// <summary>It is allowed.</summary>
    Allow,

    /// <summary>It is denied.</summary>
    Deny,
}
