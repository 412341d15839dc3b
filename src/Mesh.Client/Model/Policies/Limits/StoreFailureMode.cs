namespace Mesh.Client.Model;

/// <summary>What a shared limit does while its store does not answer.</summary>
public enum StoreFailureMode
{
    /// <summary>This process goes on with its last known fair share.</summary>
    LocalShare,

    /// <summary>Everything passes.</summary>
    Allow,

    /// <summary>Nothing passes.</summary>
    Deny,
}
