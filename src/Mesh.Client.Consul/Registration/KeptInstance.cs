using System.Diagnostics.CodeAnalysis;
using Mesh.Client.Consul.Api;
using Mesh.Client.Consul.Api.Records;
using Mesh.Client.Consul.Discovery;
using Mesh.Client.Consul.Telemetry;
using Mesh.Client.Registration;
using Mesh.Client.Retries;

namespace Mesh.Client.Consul.Registration;

/// <summary>
/// An instance that is kept registered: a blocking query on the agent's own record of it says when the agent lost it or somebody changed it. What another process
/// registered under its id is not fought over.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle holds nothing, and the source ends with the loops.")]
internal sealed class KeptInstance(RegistrarTools tools, InstanceForm form)
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(250);

    /// <summary>An agent that is away is asked this often at least: who watches sees an instance again within seconds of its return.</summary>
    private static readonly TimeSpan SlowestLook = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan SlowestRetry = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _end = new();

    /// <summary>Reading what is there and saying otherwise are one step.</summary>
    private readonly SemaphoreSlim _gate = new(1, 1);

    private readonly QueryPace _pace = new(tools.Clock);

    private volatile InstanceForm _form = form;
    private volatile bool _isConflict;
    private HashSet<string> _ill = [];
    private Task _loops = Task.CompletedTask;
    private string _hash = "";
    private int _failures;
    private bool _wasAway;
    private bool _isOutageTold;

    private ConsulAgent Agent => tools.Agent;

    /// <summary>Registers for the first time.</summary>
    /// <exception cref="InstanceConflictException">Another process has the id.</exception>
    /// <exception cref="ConsulException">The agent could not be told.</exception>
    public Task RegisterAsync(CancellationToken cancellationToken) => ReplaceAsync(_form, replaceChecks: true, cancellationToken);

    /// <summary>Registers another form of it.</summary>
    /// <inheritdoc cref="RegisterAsync"/>
    public Task ReplaceAsync(InstanceForm next, CancellationToken cancellationToken) => ReplaceAsync(next, HasOtherChecks(_form, next), cancellationToken);

    /// <summary>Begins to keep it registered.</summary>
    public void Start()
    {
        using AsyncFlowControl? flow = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
        _loops = Task.WhenAll(Task.Run(WatchAsync), Task.Run(() => TtlLoop.RunAsync(tools, () => _isConflict ? [] : _form.TtlChecks, _end.Token)));
    }

    /// <summary>Keeps it registered no longer. Nothing is said any more once this has returned.</summary>
    public Task StopAsync()
    {
        Cancel();
        return _loops;
    }

    /// <summary>Lets the loops end.</summary>
    public void Cancel() => _end.Cancel();

    // A check that an operator added, maintenance among them, stays unless the instance has other checks than before.
    private static bool HasOtherChecks(InstanceForm before, InstanceForm next) => !before.Service.Checks.Select(static c => c.CheckID).SequenceEqual(next.Service.Checks.Select(static c => c.CheckID));

    private async Task ReplaceAsync(InstanceForm next, bool replaceChecks, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            AgentServiceRecord? seen = await Agent.FindAsync(next.Id, "", default, cancellationToken).ConfigureAwait(false);
            await tools.Ownership.ClaimAsync(next, seen, cancellationToken).ConfigureAwait(false);
            await Agent.RequireLeaderAsync(cancellationToken).ConfigureAwait(false);
            await Agent.RegisterAsync(next, replaceChecks).ConfigureAwait(false);
            _form = next;
            _isConflict = false;
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task WatchAsync()
    {
        CancellationToken end = _end.Token;
        while (!end.IsCancellationRequested)
        {
            TimeSpan pause;
            try
            {
                pause = await LookAsync(end).ConfigureAwait(false);
            }
            catch (ConsulException error)
            {
                pause = OnFailure(error);
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(pause, tools.Clock, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<TimeSpan> LookAsync(CancellationToken end)
    {
        string before = _hash;
        _pace.OnAsk();
        TimeSpan wait = Agent.Policy.WaitTime;
        AgentServiceRecord? seen = await Agent.FindAsync(_form.Id, before, wait - (wait * 0.1 * tools.Random.NextDouble()), end).ConfigureAwait(false);
        if (seen is null || !_form.Matches(seen))
        {
            seen = await MendAsync(end).ConfigureAwait(false);
        }

        if (seen is not null && _form.Matches(seen))
        {
            await OnRegisteredAsync(end).ConfigureAwait(false);
        }

        if (_isOutageTold)
        {
            ConsulLog.RegistrationReached(tools.Logger, _form.Id);
        }

        _isOutageTold = false;
        _wasAway = false;
        _failures = 0;
        _hash = seen?.ContentHash ?? "";
        return _pace.AfterAnswer(_hash != before || _hash.Length == 0);
    }

    /// <summary>Says again what is not as it should be.</summary>
    /// <returns>What the agent knows; <see langword="null"/> where it was told otherwise just now.</returns>
    private async Task<AgentServiceRecord?> MendAsync(CancellationToken end)
    {
        await _gate.WaitAsync(end).ConfigureAwait(false);
        try
        {
            InstanceForm current = _form;
            AgentServiceRecord? seen = await Agent.FindAsync(current.Id, "", default, end).ConfigureAwait(false);
            if (seen is not null && current.Matches(seen))
            {
                return seen;
            }

            if (seen is not null && !current.IsOurs(seen))
            {
                if (!_isConflict && tools.Log.TryTake())
                {
                    ConsulLog.Overwritten(tools.Logger, Ownership.Conflict(current, seen));
                }

                _isConflict = true;

                return seen;
            }

            await Agent.RequireLeaderAsync(end).ConfigureAwait(false);
            end.ThrowIfCancellationRequested();
            await Agent.RegisterAsync(current, replaceChecks: false).ConfigureAwait(false);
            _isConflict = false;
            if (tools.Log.TryTake())
            {
                ConsulLog.RegisteredAgain(tools.Logger, current.Id, current.Authority, seen is null ? "Consul did not know it any more" : "somebody changed it");
            }

            return null;
        }
        finally
        {
            _gate.Release();
        }
    }

    // An agent that starts again takes every check for critical until it has run, which is up to an interval later. What was well when it went away is said to be well.
    private async Task OnRegisteredAsync(CancellationToken end)
    {
        InstanceForm current = _form;
        if (current.Service.Checks.Length == 0)
        {
            return;
        }

        HashSet<string> own = [.. current.Service.Checks.Select(static c => c.CheckID)];
        AgentCheckRecord[] known = [.. (await Agent.ChecksAsync(current.Id, end).ConfigureAwait(false)).Where(c => own.Contains(c.CheckID ?? ""))];
        HashSet<string> ill = [.. known.Where(static c => c.Status == "critical").Select(static c => c.CheckID!)];
        string[] unproven = _wasAway ? [.. ill.Except(_ill)] : [];

        // A check that is gone is said again as well: without it Consul would take the instance for well for ever.
        if (unproven.Length > 0 || known.Length < own.Count)
        {
            await SayChecksAsync(current, unproven, end).ConfigureAwait(false);
            return;
        }

        _ill = ill;
    }

    private async Task SayChecksAsync(InstanceForm current, string[] unproven, CancellationToken end)
    {
        await _gate.WaitAsync(end).ConfigureAwait(false);
        try
        {
            if (!ReferenceEquals(current, _form))
            {
                return;
            }

            foreach (string check in unproven)
            {
                end.ThrowIfCancellationRequested();
                await Agent.DropCheckAsync(check).ConfigureAwait(false);
            }

            end.ThrowIfCancellationRequested();
            await Agent.RegisterAsync(current, replaceChecks: false).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    private TimeSpan OnFailure(ConsulException error)
    {
        _failures++;
        _hash = "";
        _wasAway |= error.Status == 0;
        if (_failures == 1 && tools.Log.TryTake())
        {
            _isOutageTold = true;
            ConsulLog.RegistrationOutOfReach(tools.Logger, _form.Id, error.Message);
        }

        return Backoff.FullJitter(_failures, FirstRetry, error.IsOutage ? SlowestLook : SlowestRetry, tools.Random);
    }
}
