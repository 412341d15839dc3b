namespace Mesh.Simulation.Virtual;

/// <summary>Something that happens at a point of virtual time.</summary>
internal interface IMoment
{
    /// <summary>It happens now.</summary>
    void Happen();
}
