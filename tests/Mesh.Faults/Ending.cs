namespace Mesh.Faults;

/// <summary>How a connection is broken off.</summary>
public enum Ending
{
    /// <summary>It is not.</summary>
    None,

    /// <summary>RST to both sides: what is under way is lost, and both see an error at once.</summary>
    Reset,

    /// <summary>One direction ends as though its sender had said all; the other one goes on.</summary>
    HalfClose,

    /// <summary>Both directions end orderly, in the middle of what was being said.</summary>
    Truncate,
}
