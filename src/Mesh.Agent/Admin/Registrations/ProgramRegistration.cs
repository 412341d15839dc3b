using System.Collections.Immutable;
using Mesh.Agent.Health;
using Mesh.Agent.Telemetry;
using Mesh.Client.AspNetCore.Lifecycle;
using Mesh.Client.Model;
using Mesh.Client.Registration;

namespace Mesh.Agent.Admin.Registrations;

/// <summary>One program that registered itself: wanted in each registry for as long as it says that it is there, and its health check passes.</summary>
internal sealed class ProgramRegistration : IInstancePlan, IDisposable
{
    /// <summary>So long a program that nothing but its health check keeps alive may fail it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>The registry takes the instance out by itself where the agent dies without a word.</summary>
    private static readonly InstanceCheck s_check = new(InstanceCheckType.Ttl) { Interval = TimeSpan.FromSeconds(15), DeregisterAfter = TimeSpan.FromMinutes(1) };

    private static readonly TimeSpan s_longestLeave = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly RegistrationTools _tools;
    private readonly ImmutableArray<InstanceKeeper> _keepers;
    private readonly Task _run;
    private TaskCompletionSource _changed = New();
    private TaskCompletionSource _told = New();
    private volatile RegistrationForm _form;
    private volatile string? _fault;
    private volatile bool _isWell;
    private CancellationTokenSource? _asking;
    private Task? _left;
    private long _revision;
    private long _said;
    private long _wellAt;

    /// <summary>Makes it and begins to register.</summary>
    /// <param name="id">The id of the instance.</param>
    /// <param name="form">What the program says of itself.</param>
    /// <param name="tools">What is shared.</param>
    /// <param name="before">Ends once the id is free.</param>
    public ProgramRegistration(string id, RegistrationForm form, RegistrationTools tools, Task before)
    {
        Id = id;
        _form = form;
        _tools = tools;
        _said = _wellAt = tools.Clock.GetTimestamp();
        _keepers = [.. tools.Registrars.Select(r => new InstanceKeeper(r, this, tools.Clock, tools.Random, tools.Logger) { Told = Tell })];
        using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
        {
            _run = Task.Run(() => RunAsync(before));
        }

        Ask(form);
    }

    public string Id { get; }

    public string Service => _form.Service;

    public RegistrationForm Form => _form;

    public Task Changed => Volatile.Read(ref _changed).Task;

    public long Revision => Volatile.Read(ref _revision);

    public string Unwanted => _fault is { } fault ? $"its health check fails: {fault}" : "its health check has not passed yet";

    /// <summary>How it stands, the worst of the registries first.</summary>
    public Standing Standing => _keepers.Select(static k => k.Standing).MinBy(static s => s.Status)!;

    /// <summary>Whether its health check, if it has one, passes.</summary>
    public bool IsWell => _isWell || _form.Health is null;

    /// <summary>How long it stays without another word; <see langword="null"/> where its health check alone says so.</summary>
    public TimeSpan? Left => _form.Ttl is { } ttl ? ttl - _tools.Clock.GetElapsedTime(Volatile.Read(ref _said)) : null;

    /// <summary>Why it is over; <see langword="null"/> where it is not.</summary>
    public string? Over => Left is { } left
        ? left <= TimeSpan.Zero ? $"no PUT for its ttl of {_form.Ttl}" : null
        : !IsWell && _tools.Clock.GetElapsedTime(Volatile.Read(ref _wellAt)) >= Patience ? $"its health check failed for {Patience}: {_fault}" : null;

    public ServiceInstance? Wanted(TimeSpan sinceRegistered, out TimeSpan nextStep)
    {
        nextStep = Timeout.InfiniteTimeSpan;
        RegistrationForm form = _form;
        if (form.Health is not null && !_isWell)
        {
            return null;
        }

        Locality local = _tools.Local().Locality;
        return new ServiceInstance(Id, form.Service, form.Address.Host, form.Address.Port)
        {
            Scheme = form.Address.Scheme,
            Weight = form.Weight,
            Warmth = WarmUpSteps.At(sinceRegistered, form.WarmUp, out nextStep),
            Locality = new Locality(form.Locality.Region.Length > 0 ? form.Locality.Region : local.Region, form.Locality.Zone.Length > 0 ? form.Locality.Zone : local.Zone),
            Labels = form.Labels,
            Checks = [s_check],
        };
    }

    /// <summary>The program says of itself what it said before, or something else.</summary>
    public void Take(RegistrationForm form)
    {
        lock (_lock)
        {
            Volatile.Write(ref _said, _tools.Clock.GetTimestamp());
            RegistrationForm before = _form;
            if (form == before)
            {
                return;
            }

            _form = form;
            if (form.Health != before.Health || form.HealthAddress != before.HealthAddress)
            {
                Ask(form);
            }
        }

        Change();
    }

    /// <summary>Waits until the registries have seen what is wanted now, or for a while.</summary>
    public async Task SettleAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        long revision = Revision;
        long began = _tools.Clock.GetTimestamp();
        while (_tools.Clock.GetElapsedTime(began) < patience)
        {
            Task told = Volatile.Read(ref _told).Task;
            if (_keepers.All(k => k.Standing.Revision >= revision))
            {
                return;
            }

            await told.WaitAsync(patience, _tools.Clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Takes it out of all registries, within a time that a dead one cannot stretch.</summary>
    public Task LeaveAsync()
    {
        lock (_lock)
        {
            return _left ??= Task.Run(GoAsync);
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _asking?.Cancel();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task RunAsync(Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_keepers.Select(k => k.RunAsync(_stop.Token))).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task GoAsync()
    {
        Dispose();
        using var limit = new CancellationTokenSource(s_longestLeave, _tools.Clock);
        await _run.WaitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_keepers.Select(k => k.LeaveAsync(limit.Token))).ConfigureAwait(false);
    }

    private void Ask(RegistrationForm form)
    {
        _asking?.Cancel();
        _isWell = false;
        _fault = null;
        _wellAt = _tools.Clock.GetTimestamp();
        if (form.Health is null)
        {
            return;
        }

        // It holds nothing, so that nobody need dispose it.
        var asking = new CancellationTokenSource();
        _asking = asking;
        var rounds = new HealthRounds(form.Health, () => RegistrationProbe.Create(form), _tools.Clock, _tools.Random);
        using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
        {
            _ = Task.Run(() => rounds.RunAsync((isWell, fault) => Hear(asking, isWell, fault), asking.Token));
        }
    }

    private void Hear(CancellationTokenSource asking, bool isWell, string? fault)
    {
        bool changed;
        lock (_lock)
        {
            if (asking != _asking)
            {
                return;
            }

            changed = isWell != _isWell;
            _isWell = isWell;
            _fault = fault;
            _wellAt = isWell ? _tools.Clock.GetTimestamp() : _wellAt;
        }

        if (!changed)
        {
            return;
        }

        if (isWell)
        {
            AgentLog.RegistrationWell(_tools.Logger, Id, Service);
        }
        else
        {
            AgentLog.RegistrationUnwell(_tools.Logger, Id, Service, fault ?? "");
        }

        Change();
    }

    private void Change()
    {
        Interlocked.Increment(ref _revision);
        Interlocked.Exchange(ref _changed, New()).TrySetResult();
    }

    private void Tell() => Interlocked.Exchange(ref _told, New()).TrySetResult();
}
