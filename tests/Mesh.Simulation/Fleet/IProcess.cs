namespace Mesh.Simulation.Fleet;

/// <summary>Whoever calls.</summary>
internal interface IProcess
{
    /// <summary>Calls once.</summary>
    /// <returns>Whether it was answered well.</returns>
    ValueTask<bool> CallAsync();
}
