namespace Mesh.Client.Options;

/// <summary>What has become of a policy document.</summary>
public enum PolicyDocumentState
{
    /// <summary>It is in force.</summary>
    InForce,

    /// <summary>It is refused, and the last good document of the same key is in force instead.</summary>
    LastGood,

    /// <summary>It is refused, and nothing is in force instead.</summary>
    Refused,
}
