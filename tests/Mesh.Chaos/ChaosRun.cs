using Mesh.Chaos.Checks;
using Mesh.Chaos.Fleet;
using Mesh.Chaos.Load;
using Mesh.Chaos.Plan;

namespace Mesh.Chaos;

/// <summary>One run from the start of the fleet to its judgement.</summary>
/// <param name="seed">What the faults are drawn from.</param>
/// <param name="seconds">How long they go on.</param>
/// <param name="say">Takes a line about what is going on.</param>
internal sealed class ChaosRun(int seed, int seconds, Action<string> say)
{
    private const int MeshRate = 390;
    private const int ForeignRate = 110;

    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(5);

    private readonly RunClock _clock = new();
    private readonly CallBook _book = new();
    private int _loads;

    public async Task<ChaosReport> RunAsync(CancellationToken cancellationToken)
    {
        using var rejections = new RejectionCount();
        await using ChaosFleet fleet = await ChaosFleet.StartAsync(seed, _clock);
        var runner = new FaultRunner(fleet, _clock, say);
        await using var canary = new Canary(fleet, _clock);
        await using var budgets = new BudgetLog(fleet, _clock);
        await LoadAsync(fleet, () => Task.Delay(s_warmUp, cancellationToken));
        Holdings before = await Holdings.LookAsync(fleet, cancellationToken);
        say($"warm: {before}");

        Invariant? recovery = null;
        int start = _clock.Now;
        await LoadAsync(fleet, async () =>
        {
            await runner.RunAsync(FaultSchedule.Draw(seed, seconds, ChaosFleet.Count), start);
            recovery = await RecoveryCheck.JudgeAsync(fleet);
        });

        int end = _clock.Now;
        Invariant[] invariants =
        [
            IdempotentCheck.Judge(_book, fleet.Ledger, budgets, runner.Done),
            PostCheck.Judge(_book, fleet.Instances.Select(static i => (i.Name, File.ReadLines(i.RecordFile)))),
            QuotaCheck.Judge(_book.Admitted, runner.Done, start, end, MeshFile.Quota),
            ReasonCheck.Judge((MeshCaller.Name, _book.Refusals(MeshCaller.Name), rejections.Counts), (ForeignClient.Name, _book.Refusals(ForeignClient.Name), await fleet.Agent.RejectionsAsync())),
            recovery!,
            await Holdings.JudgeAsync(fleet, before, cancellationToken),
        ];
        return new ChaosReport(seed, seconds, runner.Done, runner.Spared, _book.Total, _book.Counts, invariants);
    }

    // Calls of both kinds while something else goes on.
    private async Task LoadAsync(ChaosFleet fleet, Func<Task> meanwhile)
    {
        int first = 10_000_000 * _loads++;
        await using var foreign = new ForeignClient(fleet.Agent.Port, _clock, ForeignRate, first, _book);
        var load = new SteadyCalls(new MeshCaller(fleet.Mesh.Client, _clock), _book, MeshRate, first);
        try
        {
            await meanwhile();
        }
        finally
        {
            await load.EndAsync();
            await foreign.EndAsync();
        }
    }
}
