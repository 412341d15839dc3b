using System.Collections.Immutable;
using Mesh.Agent.Options;
using Mesh.Agent.Telemetry;
using Mesh.Client.AspNetCore.Lifecycle;
using Mesh.Client.Options.Reading;
using Microsoft.Extensions.Hosting;

namespace Mesh.Agent.Admin.Registrations;

/// <summary>
/// The programs that registered themselves. One that outlives the agent says who it is again, within its ttl; those that only their health check keeps are asked again by the next agent in its place.
/// </summary>
/// <param name="tools">What is shared.</param>
/// <param name="copy">Where those are kept.</param>
/// <param name="configuration">How long the agent works on after it took them out.</param>
internal sealed class RegistrationTable(RegistrationTools tools, RegistrationCopy copy, AgentConfiguration configuration) : IHostedLifecycleService, IDisposable
{
    /// <summary>So many programs can be registered at once.</summary>
    public const int Most = 1000;

    /// <summary>How often it is looked for what is over.</summary>
    public static readonly TimeSpan Sweep = TimeSpan.FromMilliseconds(500);

    // A disk that hangs does not hold up the stop for longer.
    private static readonly TimeSpan s_diskPatience = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, ProgramRegistration> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Task> _leaving = new(StringComparer.Ordinal);
    private ITimer? _sweep;
    private bool _isStopping;
    private bool _isRead;

    /// <summary>Whether there is a registry to register in.</summary>
    public bool HasRegistry => !tools.Registrars.IsEmpty;

    /// <summary>Whether the agent stops, so that nobody is registered any more.</summary>
    public bool IsStopping => Volatile.Read(ref _isStopping);

    /// <summary>All of them, by id.</summary>
    public ImmutableArray<ProgramRegistration> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _byId.Values.OrderBy(static r => r.Id, StringComparer.Ordinal)];
            }
        }
    }

    public ProgramRegistration? Find(string id)
    {
        lock (_lock)
        {
            return _byId.GetValueOrDefault(id);
        }
    }

    /// <summary>Registers a program, or takes what it says now. Another service or address under the same id is another program in its place.</summary>
    /// <param name="id">The id.</param>
    /// <param name="form">What it says of itself.</param>
    /// <param name="isNew">Whether nothing was registered under the id.</param>
    /// <returns><see langword="null"/> where there are <see cref="Most"/> already, or the agent stops.</returns>
    public ProgramRegistration? Put(string id, RegistrationForm form, out bool isNew)
    {
        ProgramRegistration made;
        lock (_lock)
        {
            isNew = !_byId.TryGetValue(id, out ProgramRegistration? known);
            if (_isStopping || (isNew && _byId.Count >= Most))
            {
                return null;
            }

            if (known is not null && (known.Form.Service, known.Form.Address) == (form.Service, form.Address))
            {
                bool isKept = known.Form.IsKept || form.IsKept;
                known.Take(form);
                Keep_NeedsLock(isKept);
                return known;
            }

            Task before = known is not null ? Leave_NeedsLock(known) : _leaving.GetValueOrDefault(id, Task.CompletedTask);
            _byId[id] = made = new ProgramRegistration(id, form, tools, before);
            Keep_NeedsLock(form.IsKept || known?.Form.IsKept is true);
        }

        AgentLog.RegistrationTaken(tools.Logger, id, form.Service, form.Authority);
        return made;
    }

    /// <summary>Takes a program out.</summary>
    /// <returns>Ends when the registries know; <see langword="null"/> where nothing is registered under the id.</returns>
    public Task? Remove(string id)
    {
        lock (_lock)
        {
            if (!_byId.TryGetValue(id, out ProgramRegistration? known))
            {
                return null;
            }

            Task left = Leave_NeedsLock(known);
            Keep_NeedsLock(known.Form.IsKept);
            return left;
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _sweep = tools.Clock.CreateTimer(static s => ((RegistrationTable)s!).TakeOut(), this, Sweep, Sweep);
        _ = Task.Run(Restore, CancellationToken.None);
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        Task[] leaving;
        lock (_lock)
        {
            _isStopping = true;
            leaving = [.. _byId.Values.ToArray().Select(Leave_NeedsLock)];
        }

        if (leaving.Length == 0)
        {
            return;
        }

        using var end = new DrainEnd(cancellationToken);
        await Task.WhenAll(leaving).WaitAsync(end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // They are called for a while yet, and need their own calls meanwhile.
        await Task.Delay(configuration.Current.DrainDelay, tools.Clock, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // Whoever said goodbye at the last moment must not be there again when the agent begins anew.
    public async Task StopAsync(CancellationToken cancellationToken) =>
        await copy.WrittenAsync().WaitAsync(s_diskPatience, tools.Clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _sweep?.Dispose();
        foreach (ProgramRegistration registration in All)
        {
            registration.Dispose();
        }
    }

    // What was kept is read as if a program said it now; whoever said something meanwhile knows better.
    private void Restore()
    {
        ImmutableArray<KeptRegistration> kept = HasRegistry ? copy.Read() : [];
        foreach (KeptRegistration registration in kept)
        {
            var errors = new OptionErrors();
            if (RegistrationReader.IdProblem(registration.Id) is null && RegistrationReader.Read(registration.Body, errors) is { } form && Find(registration.Id) is null)
            {
                Put(registration.Id, form, out _);
            }
        }

        lock (_lock)
        {
            _isRead = true;
            Keep_NeedsLock(changed: true);
        }
    }

    // Not before those of the process before were read, and not once all of them leave with this one.
    private void Keep_NeedsLock(bool changed)
    {
        if (changed && _isRead && !_isStopping && HasRegistry)
        {
            copy.Keep([.. _byId.Values.Where(static r => r.Form.IsKept).Select(static r => new KeptRegistration(r.Id, r.Form.Body))]);
        }
    }

    private void TakeOut()
    {
        List<(ProgramRegistration Registration, string Why)> over = [];
        lock (_lock)
        {
            foreach (ProgramRegistration registration in _byId.Values.ToArray())
            {
                if (registration.Over is { } why)
                {
                    over.Add((registration, why));
                    Leave_NeedsLock(registration);
                }
            }

            Keep_NeedsLock(over.Exists(static o => o.Registration.Form.IsKept));
        }

        foreach ((ProgramRegistration registration, string why) in over)
        {
            AgentLog.RegistrationOver(tools.Logger, registration.Id, registration.Service, why);
        }
    }

    private Task Leave_NeedsLock(ProgramRegistration registration)
    {
        string id = registration.Id;
        _byId.Remove(id);
        Task left = registration.LeaveAsync();
        _leaving[id] = left;
        _ = left.ContinueWith(t => Forget(id, t), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return left;
    }

    private void Forget(string id, Task left)
    {
        lock (_lock)
        {
            if (_leaving.GetValueOrDefault(id) == left)
            {
                _leaving.Remove(id);
            }
        }
    }
}
