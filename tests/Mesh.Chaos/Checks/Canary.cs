using Mesh.Chaos.Fleet;

namespace Mesh.Chaos.Checks;

/// <summary>Asks each instance past proxies and mesh, twice a second, whether it answers: where the machine itself is too slow, that is written down too.</summary>
internal sealed class Canary : IAsyncDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _end = new();
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(1) };
    private readonly Task _run;

    public Canary(ChaosFleet fleet, RunClock clock) => _run = Task.WhenAll(Enumerable.Range(0, ChaosFleet.Count).Select(i => RunAsync(fleet, clock, i)));

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _run;
        _client.Dispose();
    }

    private async Task RunAsync(ChaosFleet fleet, RunClock clock, int instance)
    {
        while (!_end.IsCancellationRequested)
        {
            int begun = clock.Now;
            bool isSilent;
            try
            {
                using HttpResponseMessage answer = await _client.GetAsync(fleet.Instances[instance].Direct);
                isSilent = !answer.IsSuccessStatusCode;
            }
            catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
            {
                isSilent = true;
            }

            if (isSilent)
            {
                fleet.Ledger.Accuse(instance, HealthCause.Silent, begun);
            }
            else
            {
                fleet.Ledger.Clear(instance, HealthCause.Silent);
            }

            await Task.Delay(s_interval, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
