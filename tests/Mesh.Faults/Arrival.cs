namespace Mesh.Faults;

/// <summary>What becomes of a new connection.</summary>
public enum Arrival
{
    /// <summary>It is taken and led to the server.</summary>
    Taken,

    /// <summary>Nobody listens: the client is refused at once.</summary>
    Refused,

    /// <summary>It is taken and reset at once.</summary>
    Reset,
}
