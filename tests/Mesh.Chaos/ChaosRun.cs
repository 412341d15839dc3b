using Mesh.Chaos.Checks;
using Mesh.Chaos.Fleet;
using Mesh.Chaos.Load;
using Mesh.Chaos.Plan;

namespace Mesh.Chaos;

/// <summary>One run from the start of the fleet to its judgement.</summary>
internal sealed class ChaosRun(int seed, int seconds)
{
    private const int MeshRate = 390;
    private const int ForeignRate = 110;

    public async Task<ChaosReport> RunAsync()
    {
        var clock = new RunClock();
        var book = new CallBook();
        await using ChaosFleet fleet = await ChaosFleet.StartAsync(seed, clock);
        var caller = new MeshCaller(fleet.Mesh.Client, clock);
        var runner = new FaultRunner(fleet, clock);
        await using (var canary = new Canary(fleet))
        await using (var foreign = new ForeignClient(fleet.Agent.Port, clock, ForeignRate, book))
        {
            var load = new SteadyCalls(caller, book, MeshRate);
            await runner.RunAsync(FaultSchedule.Draw(seed, seconds, ChaosFleet.Count), clock.Now);
            await load.EndAsync();
            await foreign.EndAsync();
        }

        return new ChaosReport(seed, seconds, runner.Done, runner.Spared, book.Total, book.Counts, [IdempotentCheck.Judge(book, fleet.Ledger, runner.Done), PostCheck.Judge(book, fleet.Instances)]);
    }
}
