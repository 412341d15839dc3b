using Mesh.Simulation.Network;

namespace Mesh.Simulation.Fleet;

/// <summary>Work that an application waits for at its own workers.</summary>
internal sealed class Workload : IServed
{
    private readonly TaskCompletionSource _done = new();

    /// <summary>Waits for a worker and its work.</summary>
    public static Task DoAsync(SimulatedServer workers)
    {
        var work = new Workload();
        workers.Work(work);
        return work._done.Task;
    }

    public bool IsGivenUp => false;

    public void Done() => _done.SetResult();
}
