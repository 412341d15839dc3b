using System.Collections.Immutable;
using Mesh.Client.AspNetCore.Telemetry;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Mesh.Client.AspNetCore.Lifecycle;

/// <summary>
/// The life of this instance: registered once the server listens and the application is well, taken out before anything else of the host stops. The host calls
/// <see cref="StoppingAsync"/> of all services, and waits for it, before it stops the first of them, the server included.
/// </summary>
internal sealed class InstanceLifecycle(
    InstanceState state, RegistrationFeed feed, InstanceRegistration registration, IHostApplicationLifetime lifetime, TimeSpan shutdownTimeout, TimeProvider clock, ILogger logger)
    : IHostedLifecycleService, IDisposable
{
    internal static readonly TimeSpan ShortestLeave = TimeSpan.FromSeconds(1);
    internal static readonly TimeSpan LongestLeave = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ImmutableArray<InstanceKeeper> _keepers = [];
    private Task _run = Task.CompletedTask;
    private int _isStopping;
    private int _isStopped;
    private long _stopBegan;
    private TimeSpan _drained;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        TimeSpan delay = feed.Policy.DrainDelay;
        if (shutdownTimeout != Timeout.InfiniteTimeSpan && delay >= shutdownTimeout)
        {
            InstanceLog.DrainDelayTooLong(logger, delay, shutdownTimeout);
        }

        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _run = RunAsync(_stop.Token);
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        // A host may be told twice: where code of the application stops it, RunAsync sees that and stops it too.
        if (Interlocked.Exchange(ref _isStopping, 1) == 1)
        {
            await _left.Task.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        try
        {
            await DrainAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _left.SetResult();
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isStopped, 1) == 0)
        {
            InstanceLog.Stopped(logger, clock.GetElapsedTime(_stopBegan), _drained);
        }

        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        feed.Dispose();
    }

    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        _stopBegan = clock.GetTimestamp();
        TimeSpan delay = Serves ? feed.Policy.DrainDelay : TimeSpan.Zero;
        state.Drain();
        InstanceLog.Draining(logger, delay);
        using var end = new DrainEnd(cancellationToken);
        bool known = await LeaveAsync(delay, end.Token).ConfigureAwait(false);

        // Where the registry did not hear of it, the others did not either: then the time counts from when this instance said that it is not ready.
        long from = known ? clock.GetTimestamp() : _stopBegan;
        TimeSpan left = delay - clock.GetElapsedTime(from);
        if (left > TimeSpan.Zero)
        {
            await Task.Delay(left, clock, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _drained = clock.GetElapsedTime(_stopBegan);
        if (end.Reason is { } reason && delay > TimeSpan.Zero)
        {
            InstanceLog.CutShort(logger, clock.GetElapsedTime(from), delay, reason);
        }
    }

    // An application that was never up, and a test server that nobody can connect to, have nothing to wait for.
    private bool Serves => lifetime.ApplicationStarted.IsCancellationRequested && (registration.Listening.Count > 0 || !_keepers.IsEmpty);

    private async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await WaitForStartAsync(stop).ConfigureAwait(false);
            _keepers = await registration.BeginAsync(feed, state, stop).ConfigureAwait(false);
            state.Say(_keepers);
            await Task.WhenAll(_keepers.Select(k => k.RunAsync(stop))).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
        catch (Exception error)
        {
            InstanceLog.Failed(logger, error);
            state.Say(HealthStatus.Degraded, $"not registered: {error.Message}");
        }
    }

    private async Task WaitForStartAsync(CancellationToken stop)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration registered = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stop).ConfigureAwait(false);
    }

    /// <summary>Takes the instance out of all registries, within a time that a dead one cannot stretch.</summary>
    private async Task<bool> LeaveAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromTicks(Math.Clamp(delay.Ticks, ShortestLeave.Ticks, LongestLeave.Ticks)), clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        await _stop.CancelAsync().ConfigureAwait(false);
        await _run.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        bool[] known = await Task.WhenAll(_keepers.Select(k => k.LeaveAsync(either.Token))).ConfigureAwait(false);
        return known.All(static k => k);
    }
}
