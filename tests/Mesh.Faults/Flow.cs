namespace Mesh.Faults;

/// <summary>The direction that a fault strikes.</summary>
[Flags]
public enum Flow
{
    /// <summary>What the client sends.</summary>
    ToServer = 1,

    /// <summary>What the server sends.</summary>
    ToClient = 2,

    /// <summary>Both.</summary>
    Both = ToServer | ToClient,
}
