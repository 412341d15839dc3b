using Mesh.Client.AspNetCore.Telemetry;
using Mesh.Client.Registration;
using Mesh.Client.Retries;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Mesh.Client.AspNetCore.Lifecycle;

/// <summary>Brings one registry to what is wanted, step by step, until the instance stops; then takes it out.</summary>
internal sealed class InstanceKeeper(IServiceRegistrar registrar, IInstancePlan plan, TimeProvider clock, Random random, ILogger logger)
{
    internal static readonly TimeSpan ConflictInterval = TimeSpan.FromSeconds(30);
    internal static readonly TimeSpan RegisterTimeout = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(500);
    // A registry that was away hears of an instance within seconds of its return.
    private static readonly TimeSpan SlowestRetry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LeaveRetry = TimeSpan.FromMilliseconds(200);

    private readonly string _registry = registrar.GetType().Name;
    private readonly long _began = clock.GetTimestamp();
    private volatile Standing _standing = new(HealthStatus.Degraded, "not registered yet");
    private volatile bool _attempted;
    private ServiceInstance? _registered;
    private long _registeredAt;
    private int _failures;
    private bool _inConflict;

    public Standing Standing => _standing;

    /// <summary>Called after each step, on whatever thread. It must be quick and must not throw.</summary>
    public Action? Told { get; init; }

    /// <summary>Registers and keeps at it. Ends by the token only.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            Task changed = plan.Changed;
            TimeSpan pause = await StepAsync(stop).ConfigureAwait(false);
            Told?.Invoke();
            await changed.WaitAsync(pause, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Takes the instance out, and tries again until the token ends it. <see cref="RunAsync"/> has ended, or will not register any more.</summary>
    /// <returns>Whether the registry knows it.</returns>
    public async Task<bool> LeaveAsync(CancellationToken cancellationToken)
    {
        if (!_attempted)
        {
            return true;
        }

        long began = clock.GetTimestamp();
        string error = "no answer";
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await registrar.DeregisterAsync(plan.Id, cancellationToken).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
                InstanceLog.Deregistered(logger, plan.Service, plan.Id, _registry, clock.GetElapsedTime(began));
                return true;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
            }
            catch (Exception exception)
            {
                error = exception.Message;
                await Task.Delay(LeaveRetry * Math.Min(attempt, 5), clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            if (cancellationToken.IsCancellationRequested)
            {
                InstanceLog.NotDeregistered(logger, plan.Service, plan.Id, _registry, clock.GetElapsedTime(began), error);
                return false;
            }
        }
    }

    private async Task<TimeSpan> StepAsync(CancellationToken stop)
    {
        long revision = plan.Revision;
        TimeSpan since = _registered is null ? TimeSpan.Zero : clock.GetElapsedTime(_registeredAt);
        ServiceInstance? wanted = plan.Wanted(since, out TimeSpan nextStep);
        try
        {
            await ApplyAsync(wanted, stop).ConfigureAwait(false);
            _failures = 0;
            _inConflict = false;
            _standing = new Standing(HealthStatus.Healthy, wanted is null ? plan.Unwanted : $"registered as {plan.Id} in {_registry}") { Revision = revision, IsRegistered = wanted is not null };
            return nextStep;
        }
        catch (InstanceConflictException exception)
        {
            Conflict(exception, revision);
            return ConflictInterval;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Timeout.InfiniteTimeSpan;
        }
        catch (Exception exception)
        {
            return Failed(exception, revision);
        }
    }

    private async Task ApplyAsync(ServiceInstance? wanted, CancellationToken stop)
    {
        if (InstancePlan.Same(wanted, _registered))
        {
            return;
        }

        using var timeout = new CancellationTokenSource(RegisterTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, timeout.Token);
        if (wanted is null)
        {
            long began = clock.GetTimestamp();
            await registrar.DeregisterAsync(plan.Id, either.Token).ConfigureAwait(false);
            _registered = null;
            InstanceLog.Deregistered(logger, plan.Service, plan.Id, _registry, clock.GetElapsedTime(began));
            return;
        }

        _attempted = true;
        await registrar.RegisterAsync(wanted, either.Token).ConfigureAwait(false);
        ServiceInstance? before = _registered;
        _registered = wanted;
        if (before is null)
        {
            _registeredAt = clock.GetTimestamp();
            InstanceLog.Registered(logger, plan.Service, plan.Id, Address(wanted), _registry, clock.GetElapsedTime(_began));
        }
        else if (InstancePlan.Same(before with { Warmth = wanted.Warmth }, wanted))
        {
            InstanceLog.Warmer(logger, plan.Id, wanted.Warmth);
        }
        else
        {
            InstanceLog.Changed(logger, plan.Service, plan.Id, _registry);
        }
    }

    private void Conflict(InstanceConflictException exception, long revision)
    {
        _standing = new Standing(HealthStatus.Degraded, $"not registered in {_registry}, because another process is registered as {plan.Id}: {exception.Message}") { Revision = revision, Error = exception };
        if (!_inConflict)
        {
            _inConflict = true;
            InstanceLog.Conflict(logger, plan.Service, plan.Id, _registry, ConflictInterval, exception.Message);
        }
    }

    private TimeSpan Failed(Exception exception, long revision)
    {
        string error = exception is OperationCanceledException ? $"no answer within {RegisterTimeout}" : exception.Message;
        _failures++;
        if (_failures == 1)
        {
            InstanceLog.NotRegistered(logger, plan.Service, _registry, plan.Id, error);
        }
        else
        {
            InstanceLog.StillNotRegistered(logger, _registry, plan.Id, error);
        }

        // What the registry had of it before the failure stays there: it is stale at most.
        Standing standing = _registered is null
            ? new Standing(HealthStatus.Degraded, $"not registered yet, because {_registry} does not take it: {error}")
            : new Standing(HealthStatus.Healthy, $"registered as {plan.Id} in {_registry}, which does not take changes at present: {error}") { IsRegistered = true };
        _standing = standing with { Revision = revision, Error = exception };
        return Backoff.FullJitter(_failures, FirstRetry, SlowestRetry, random);
    }

    private static string Address(ServiceInstance instance) =>
        new Model.MeshEndpoint(instance.Host, instance.Port) { Scheme = instance.Scheme }.ToString();
}
