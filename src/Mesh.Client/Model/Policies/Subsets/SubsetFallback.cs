namespace Mesh.Client.Model;

/// <summary>What becomes of a call to a subset that has no healthy endpoint, as in Envoy's subset load balancing.</summary>
public enum SubsetFallback
{
    /// <summary>It fails.</summary>
    None,

    /// <summary>It goes to any endpoint of the service.</summary>
    Any,

    /// <summary>It goes to the default subset, and fails where that has none either.</summary>
    Default,
}
