using Mesh.Client.Model;
using Mesh.Client.Probing;

namespace Mesh.Agent.Health;

/// <summary>
/// Asks a program, round after round, whether it is well. Before the first good answer it is not; one makes it well, and <see cref="HealthCheckPolicy.UnhealthyAfter"/> bad ones in a row make it
/// unwell again.
/// </summary>
/// <param name="policy">How often, how long, how many.</param>
/// <param name="create">Makes the probe.</param>
/// <param name="clock">The clock.</param>
/// <param name="random">For the jitter.</param>
internal sealed class HealthRounds(HealthCheckPolicy policy, Func<IProbe> create, TimeProvider clock, Random random)
{
    private readonly ProbeRounds _rounds = new(clock, random);

    /// <summary>Asks until it is told to stop.</summary>
    /// <param name="take">Takes whether the program is well, and what is wrong with it.</param>
    /// <param name="stop">Ends it.</param>
    public async Task RunAsync(Action<bool, string?> take, CancellationToken stop)
    {
        using IProbe probe = create();
        var tally = new ProbeTally();
        bool isWell = false;
        while (true)
        {
            string? fault = await AskAsync(probe, stop).ConfigureAwait(false);
            isWell = fault is null || (isWell && !tally.Count(well: false, policy));
            if (fault is null)
            {
                tally = new ProbeTally();
            }

            take(isWell, fault);
            await _rounds.NextAsync(policy, stop).ConfigureAwait(false);
        }
    }

    private async Task<string?> AskAsync(IProbe probe, CancellationToken stop)
    {
        using var timeout = new CancellationTokenSource(policy.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stop);
        try
        {
            return await probe.AskAsync(either.Token).WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (!stop.IsCancellationRequested)
        {
            return timeout.IsCancellationRequested ? $"no answer within {policy.Timeout}" : error.Message;
        }
    }
}
