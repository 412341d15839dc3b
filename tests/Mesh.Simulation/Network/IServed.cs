namespace Mesh.Simulation.Network;

/// <summary>A request at a server.</summary>
internal interface IServed
{
    /// <summary>Whether nobody waits for it any more, and the server is one that looks.</summary>
    bool IsGivenUp { get; }

    /// <summary>The server is done with it.</summary>
    void Done();
}
