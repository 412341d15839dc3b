using Mesh.Client.AspNetCore.Telemetry;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Mesh.Client.AspNetCore.Lifecycle;

/// <summary>Waits until the application's health checks pass. That of the instance itself is not among them: it would wait for itself.</summary>
internal sealed class HealthGate(HealthCheckService service, IOptions<HealthCheckServiceOptions> options, TimeProvider clock, ILogger logger)
{
    internal static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan FirstPoll = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan SlowestPoll = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private Task<HealthReport>? _asked;

    /// <summary>Returns once all checks that matter are healthy or degraded, which serves too.</summary>
    /// <param name="tag">The checks that matter have it; all of them where none has.</param>
    /// <param name="state">Is told what is waited for.</param>
    /// <param name="stop">Ends the wait.</param>
    public async Task WaitAsync(string tag, InstanceState state, CancellationToken stop)
    {
        Func<HealthCheckRegistration, bool> matters = Predicate(tag);
        long began = clock.GetTimestamp();
        bool told = false;
        for (TimeSpan poll = FirstPoll; ; poll = poll * 2 < SlowestPoll ? poll * 2 : SlowestPoll)
        {
            string? unwell = await AskAsync(matters, stop).ConfigureAwait(false);
            if (unwell is null)
            {
                return;
            }

            state.Say(HealthStatus.Degraded, $"not registered yet: waits for the health checks {unwell}");
            TimeSpan waited = clock.GetElapsedTime(began);
            if (!told && waited >= Patience)
            {
                told = true;
                InstanceLog.Unwell(logger, waited, unwell);
            }

            await Task.Delay(poll, clock, stop).ConfigureAwait(false);
        }
    }

    private Func<HealthCheckRegistration, bool> Predicate(string tag)
    {
        bool tagged = options.Value.Registrations.Any(r => r.Name != InstanceHealthCheck.Name && r.Tags.Contains(tag));
        return r => r.Name != InstanceHealthCheck.Name && (!tagged || r.Tags.Contains(tag));
    }

    // A check that hangs, or a service that throws, is unwell and no more.
    private async Task<string?> AskAsync(Func<HealthCheckRegistration, bool> matters, CancellationToken stop)
    {
        using var timeout = new CancellationTokenSource(CheckTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, timeout.Token);
        try
        {
            // One that hangs on is waited for, and not asked a second time: it may hold a thread.
            _asked = _asked is { IsCompleted: false } ? _asked : service.CheckHealthAsync(matters, either.Token);
            HealthReport report = await _asked.WaitAsync(either.Token).ConfigureAwait(false);
            return report.Status == HealthStatus.Unhealthy
                ? string.Join(", ", report.Entries.Where(static e => e.Value.Status == HealthStatus.Unhealthy).Select(static e => e.Key))
                : null;
        }
        catch (Exception error) when (!stop.IsCancellationRequested)
        {
            return error is OperationCanceledException ? $"which gave no answer within {CheckTimeout}" : $"which threw {error.GetType().Name}: {error.Message}";
        }
    }
}
