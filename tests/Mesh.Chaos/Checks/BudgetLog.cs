using Mesh.Chaos.Fleet;
using Mesh.Chaos.Load;
using Mesh.Client.Services;

namespace Mesh.Chaos.Checks;

/// <summary>When the retry budgets of the two that call were used up, as they say themselves.</summary>
internal sealed class BudgetLog : IAsyncDisposable
{
    // Two looks at the agent, which is asked over HTTP.
    private const int Blur = 500;

    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _end = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<int>> _spent = new() { [MeshCaller.Name] = [], [ForeignClient.Name] = [] };
    private readonly Task _run = Task.CompletedTask;

    /// <summary>A log that nobody writes.</summary>
    public BudgetLog()
    {
    }

    public BudgetLog(ChaosFleet fleet, RunClock clock) => _run = Task.WhenAll(
        RunAsync(MeshCaller.Name, clock, () => Task.FromResult(Remaining(fleet.Mesh.Status))),
        RunAsync(ForeignClient.Name, clock, async () => (await fleet.Agent.LookAsync()).Budget));

    /// <summary>Writes down that a budget is used up.</summary>
    public void Note(string caller, int time)
    {
        lock (_gate)
        {
            _spent[caller].Add(time);
        }
    }

    /// <summary>Whether a budget was used up at some moment of a time.</summary>
    public bool IsSpent(string caller, int from, int to)
    {
        lock (_gate)
        {
            return _spent[caller].Exists(t => t >= from - Blur && t <= to + Blur);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _run;
    }

    private static double Remaining(IMeshStatus status) => status.GetServices().Select(static s => s.RetryBudget?.Remaining ?? double.MaxValue).DefaultIfEmpty(double.MaxValue).Min();

    private async Task RunAsync(string caller, RunClock clock, Func<Task<double>> look)
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                // Each second a tenth of the budget comes back, and is used up within moments.
                if (await look() < 20)
                {
                    Note(caller, clock.Now);
                }
            }
            catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
            {
                // Before the first call the agent does not know the service.
            }

            await Task.Delay(s_interval, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
