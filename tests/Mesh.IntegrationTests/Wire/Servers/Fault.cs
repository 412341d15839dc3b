namespace Mesh.IntegrationTests.Wire.Servers;

/// <summary>How a <see cref="FaultServer"/> ends its dealings with a request.</summary>
internal enum Fault
{
    /// <summary>Reads all of it and answers; the connection stays.</summary>
    None,

    /// <summary>Reads all of it, answers as if the connection stayed, and closes it.</summary>
    CloseAfterAnswer,

    /// <summary>Reads a part of it and sends a RST.</summary>
    Reset,

    /// <summary>Reads a part of it and closes its sending side only.</summary>
    HalfClose,

    /// <summary>Reads a part of it and closes.</summary>
    Close,
}
