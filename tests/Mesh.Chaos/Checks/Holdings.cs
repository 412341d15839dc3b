using System.Globalization;
using Mesh.Chaos.Fleet;
using Mesh.IntegrationTests.Consul.Processes;

namespace Mesh.Chaos.Checks;

/// <summary>What the two processes that call hold while they do nothing.</summary>
/// <param name="InFlight">Calls under way, of both.</param>
/// <param name="Watches">Connections to Consul and Redis, of both.</param>
/// <param name="Mesh">Of this process, without the sockets of the fault proxies in it.</param>
/// <param name="Agent">Of the agent; its memory is what is resident.</param>
/// <param name="AgentHeap">Bytes on the agent's managed heap after its last collection.</param>
internal sealed record Holdings(int InFlight, int Watches, ProcessFigures Mesh, ProcessFigures Agent, long AgentHeap)
{
    private const int MoreWatches = 2;
    private const int MoreThreads = 12;
    private const int MoreSockets = 24;
    private const long MoreHeap = 16L * 1024 * 1024;

    // What is resident also grows by the code that a young process compiles, some 30 MB in the first minutes.
    private const long MoreResident = 64L * 1024 * 1024;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);

    /// <summary>Looks now.</summary>
    public static async Task<Holdings> LookAsync(ChaosFleet fleet, CancellationToken cancellationToken)
    {
        int inFlight = fleet.Mesh.Status.GetServices().Sum(static s => s.Endpoints.Sum(static e => e.InFlight)) + (await fleet.Agent.LookAsync()).InFlight;
        int watches = fleet.ConsulLinks.Take(2).Concat(fleet.RedisLinks).Sum(static l => l.Connections);
        ProcessFigures mesh = await ProcessFigures.LeastAsync(Environment.ProcessId, fleet.ProxySockets, cancellationToken);
        return new Holdings(inFlight, watches, mesh, await ProcessFigures.LeastAsync(fleet.Agent.Process.Id, static () => 0, cancellationToken), await fleet.Agent.HeapAsync());
    }

    /// <summary>Looks until it is as before, or for as long as connections and threads that are idle may stay.</summary>
    public static async Task<Invariant> JudgeAsync(ChaosFleet fleet, Holdings before, CancellationToken cancellationToken)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            Holdings now = await LookAsync(fleet, cancellationToken);
            List<string> breaches = [.. now.More(before)];
            TimeSpan took = TimeProvider.System.GetElapsedTime(start);
            if (breaches.Count == 0 || took > s_patience)
            {
                return new Invariant("what is held comes back to the baseline", string.Create(CultureInfo.InvariantCulture, $"before: {before}; {took.TotalSeconds:F0} s after the last call: {now}"), breaches);
            }

            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        }
    }

    public override string ToString() => $"{InFlight} in flight, {Watches} watches, mesh {Mesh}, agent {Agent} and {AgentHeap / 1024} KB of heap";

    private IEnumerable<string> More(Holdings before)
    {
        if (InFlight > 0)
        {
            yield return $"{InFlight} calls are still in flight";
        }

        if (Watches > before.Watches + MoreWatches)
        {
            yield return $"{Watches} watches, {before.Watches} before";
        }

        if (Mesh.Threads > before.Mesh.Threads + MoreThreads || Mesh.Sockets > before.Mesh.Sockets + MoreSockets || Mesh.Memory > before.Mesh.Memory + MoreHeap)
        {
            yield return $"the mesh holds {Mesh}, before {before.Mesh}";
        }

        if (Agent.Threads > before.Agent.Threads + MoreThreads || Agent.Sockets > before.Agent.Sockets + MoreSockets || Agent.Memory > before.Agent.Memory + MoreResident || AgentHeap > before.AgentHeap + MoreHeap)
        {
            yield return $"the agent holds {Agent} and {AgentHeap / 1024} KB of heap, before {before.Agent} and {before.AgentHeap / 1024} KB";
        }
    }
}
