using System.Globalization;
using Mesh.Chaos.Fleet;

namespace Mesh.Chaos.Checks;

/// <summary>Once nothing is wrong any more, all instances take calls of both again, with nobody helping.</summary>
internal static class RecoveryCheck
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>Waits for it, while calls go on.</summary>
    public static async Task<Invariant> JudgeAsync(ChaosFleet fleet)
    {
        const string Name = "all instances take calls again";
        long start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            int mesh = fleet.Mesh.Status.GetServices().Sum(static s => s.UsableEndpoints);
            int agent = (await fleet.Agent.LookAsync()).Usable;
            TimeSpan took = TimeProvider.System.GetElapsedTime(start);
            if (mesh == ChaosFleet.Count && agent == ChaosFleet.Count)
            {
                return new Invariant(Name, string.Create(CultureInfo.InvariantCulture, $"{took.TotalSeconds:F1} s after the last fault"), []);
            }

            if (took > s_patience)
            {
                string states = string.Join("; ", fleet.Mesh.Status.GetServices().SelectMany(static s => s.Endpoints).Select(static e => $"{e.Address} {e.State} {e.Reason}{(e.IsUnlisted ? " unlisted" : "")}"));
                return new Invariant(Name, $"not within {took.TotalSeconds:F0} s", [$"{mesh} of the mesh's and {agent} of the agent's {ChaosFleet.Count} are usable; the mesh says {states}"]);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }
    }
}
