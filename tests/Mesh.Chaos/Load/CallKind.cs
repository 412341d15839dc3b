namespace Mesh.Chaos.Load;

/// <summary>What is called.</summary>
internal enum CallKind
{
    /// <summary>A GET.</summary>
    Get,

    /// <summary>A POST with an id, which the instance that executes it writes down.</summary>
    Post,

    /// <summary>A GET under the quota of the fleet.</summary>
    Metered,
}
