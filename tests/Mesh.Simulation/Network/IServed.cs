namespace Mesh.Simulation.Network;

/// <summary>A request at a server.</summary>
internal interface IServed
{
    /// <summary>The server is done with it.</summary>
    void Done();
}
