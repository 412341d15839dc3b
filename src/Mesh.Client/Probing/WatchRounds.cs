using Mesh.Client.Retries;

namespace Mesh.Client.Probing;

/// <summary>
/// Listens to one endpoint, one stream after another and never two at a time (gRPC proposal A17). A stream that breaks says nothing of the endpoint's health, which the questions at each
/// interval find out meanwhile; another follows after a jittered back-off, which begins anew once an endpoint has spoken.
/// </summary>
/// <param name="cycle">The plan. Its probe is an <see cref="IWatchProbe"/>.</param>
/// <param name="rounds">The clock and the dice.</param>
/// <param name="tell">Is told what the endpoint says.</param>
internal sealed class WatchRounds(ProbeCycle cycle, ProbeRounds rounds, Action<string?> tell)
{
    // An endpoint that cannot be listened to is asked again after so many intervals: another version may stand behind the address by then.
    private const int IntervalsUnheard = 10;

    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(1);

    private int _failures;

    /// <summary>Listens until the cycle's end. Throws nothing.</summary>
    public async Task RunAsync()
    {
        TimeSpan interval = cycle.Plan.Policy.Interval;
        while (!cycle.Ended.IsCancellationRequested)
        {
            bool isKnown = true;
            _failures++;
            try
            {
                isKnown = await ((IWatchProbe)cycle.Probe).WatchAsync(Hear, cycle.Ended).ConfigureAwait(false);
            }
            catch (Exception)
            {
                // What is wrong the next question tells.
            }

            cycle.Told = null;
            TimeSpan wait = isKnown
                ? Backoff.FullJitter(_failures, s_first, interval > s_first ? interval : s_first, rounds.Random)
                : interval * (IntervalsUnheard + rounds.Random.NextDouble());
            await Task.Delay(wait, rounds.Clock, cycle.Ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Hear(string? fault)
    {
        _failures = 0;
        cycle.Told = fault;
        tell(fault);
    }
}
