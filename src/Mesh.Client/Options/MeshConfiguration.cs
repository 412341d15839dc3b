using System.Collections.Immutable;
using Mesh.Client.Balancing;
using Mesh.Client.Model;
using Mesh.Client.Options.Checking;
using Mesh.Client.Options.Documents;
using Mesh.Client.Options.Origins;
using Mesh.Client.Options.Reading;
using Mesh.Client.Options.Tree;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace Mesh.Client.Options;

/// <summary>
/// The one owner of the policy. It reads the configuration whole at start and at every change, refuses what is not valid, and swaps the policy in
/// one write.
/// </summary>
internal sealed class MeshConfiguration : IDisposable
{
    /// <summary>Changes within this time of the first are read together with it.</summary>
    internal static readonly TimeSpan Debounce = TimeSpan.FromMilliseconds(100);

    private const int MaxNamed = 10;

    private readonly CodeOptions _setup;
    private readonly ConfigurationView _view;
    private readonly KnownNames _balancers;
    private readonly KnownNames _sources;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _reading = new();
    private readonly DocumentLayers _documents;
    private readonly List<IDisposable> _changes = [];
    private readonly ITimer _due;
    private readonly ITimer _graceOver;
    private ImmutableArray<Subscription> _listeners = [];
    private volatile MeshPolicy _current;
    private volatile bool _disposed;
    private int _armed;

    // Not 0 while somebody reads, as the constructor does first.
    private int _requests = 1;

    // Only the one reader at a time touches these.
    private Reading _good;
    private long? _heldSince;
    private string _lastLogged = "";

    public MeshConfiguration(
        CodeOptions setup, IConfiguration? root, IReadOnlyCollection<string> sourceNames, TimeProvider time, ILogger logger)
    {
        _setup = setup;
        _view = new ConfigurationView(setup.Section, root);
        _balancers = new KnownNames("balancer", [.. BuiltInBalancers.Names, .. setup.Balancers]);
        _sources = new KnownNames("source of endpoints", sourceNames);
        _time = time;
        _logger = logger;
        _documents = new DocumentLayers(logger);
        _due = CreateTimer(Read);
        _graceOver = CreateTimer(Read);
        try
        {
            // Watched before it is read, so that no change falls between the two.
            _changes.AddRange(_view.Changes.Select(c => ChangeToken.OnChange(c, OnChanged)));
            Reading first = ReadAll();
            if (first.Errors.Count > 0)
            {
                throw new MeshOptionsException(first.Errors);
            }

            LogDoubtful(first);
            _good = first;
            _current = PolicyCompiler.Compile(first.Options, setup.Instance);
            if (Interlocked.Exchange(ref _requests, 0) != 1)
            {
                OnChanged();
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The policy in force.</summary>
    public MeshPolicy Current => _current;

    /// <summary>Calls the listener after each change of the policy, one at a time. Subscribe first, then read <see cref="Current"/>.</summary>
    /// <param name="listener">Takes the new policy. If it throws, that is logged.</param>
    /// <returns>Ends the calls.</returns>
    public IDisposable OnChange(Action<MeshPolicy> listener)
    {
        var subscription = new Subscription(this, listener);
        ImmutableInterlocked.Update(ref _listeners, static (all, one) => all.Add(one), subscription);
        return subscription;
    }

    /// <summary>Reads once more, and says where each value of a service's policy comes from. The user's code runs with it, as at each reload.</summary>
    public ImmutableArray<PolicyValue> Explain(string service)
    {
        using Lock.Scope reading = _reading.EnterScope();
        return OptionStages.Explain(service, _good.Mesh, [.. _documents.InForce], (mesh, stages) => Read(mesh, _good.Aspire, stages: stages));
    }

    /// <summary>Lets sources of policies count, the first one least; what they say later is read after <see cref="OnDocuments"/>.</summary>
    public void Follow(IEnumerable<SourceDocuments> sources) => _documents.Follow(sources);

    /// <summary>A source of policies has said something new.</summary>
    public void OnDocuments() => OnChanged();

    public void Dispose()
    {
        _disposed = true;
        foreach (IDisposable change in _changes)
        {
            change.Dispose();
        }

        _due.Dispose();
        _graceOver.Dispose();
    }

    private void OnChanged()
    {
        if (!_disposed && Interlocked.Exchange(ref _armed, 1) == 0)
        {
            _due.Change(Debounce, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Reads the configuration. Where it is being read already, that reader reads it once more.</summary>
    private void Read()
    {
        Volatile.Write(ref _armed, 0);
        int seen = Interlocked.Increment(ref _requests);
        if (seen != 1)
        {
            return;
        }

        do
        {
            seen = Volatile.Read(ref _requests);
            try
            {
                Reload();
            }
            catch (Exception exception)
            {
                Log.ReloadFailed(_logger, exception);
            }
        }
        while (Interlocked.CompareExchange(ref _requests, 0, seen) != seen);
    }

    private void Reload()
    {
        using Lock.Scope reading = _reading.EnterScope();
        if (_disposed)
        {
            return;
        }

        Reading next = ReadAll();
        if (!IsHeld(next) && !IsRefused(next))
        {
            _lastLogged = "";
            LogDoubtful(next);
            _good = next;
        }

        // Over the last good configuration, where the present one is not: the documents do not wait for it.
        Publish(PolicyCompiler.Compile(_documents.Apply(_good.Mesh, _good.Options, CheckKeys, (mesh, only) => Read(mesh, _good.Aspire, only)), _setup.Instance));
    }

    private bool IsRefused(Reading next)
    {
        if (next.Errors.Count == 0)
        {
            return false;
        }

        string errors = string.Join(Environment.NewLine, next.Errors);
        if (errors != _lastLogged)
        {
            _lastLogged = errors;
            Log.ReloadRefused(_logger, errors);
        }

        return true;
    }

    private void Publish(MeshPolicy next)
    {
        MeshPolicy old = _current;
        MeshPolicy policy = PolicyReuse.Merge(old, next);
        if (!ReferenceEquals(policy, old))
        {
            _current = policy;
            string[] changed = [.. policy.Services.Where(s => !ReferenceEquals(old.For(s.Key), s.Value)).Select(static s => s.Key).Order(StringComparer.Ordinal)];
            string names = changed.Length == 0 ? "" : $": {string.Join(", ", changed.Take(MaxNamed))}{(changed.Length > MaxNamed ? ", …" : "")}";
            Log.Reloaded(_logger, changed.Length, policy.Services.Count, names);
            Notify(policy);
        }
    }

    /// <summary>Whether the reading waits because a source has vanished from it: half-written and deleted files look like that.</summary>
    private bool IsHeld(Reading next)
    {
        if (!next.Mesh.LostSource(_good.Mesh) && !next.Aspire.LostSource(_good.Aspire))
        {
            _heldSince = null;
            return false;
        }

        TimeSpan grace = _current.Discovery.EmptyGrace;
        if (_heldSince is null && grace > TimeSpan.Zero)
        {
            Log.SourceVanished(_logger, grace);
        }

        _heldSince ??= _time.GetTimestamp();
        TimeSpan left = grace - _time.GetElapsedTime(_heldSince.Value);
        if (left > TimeSpan.Zero)
        {
            _graceOver.Change(left < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : left, Timeout.InfiniteTimeSpan);
            return true;
        }

        _heldSince = null;
        return false;
    }

    private Reading ReadAll()
    {
        ConfigTree mesh = _view.ReadMesh();
        ConfigTree aspire = _view.ReadAspire();
        TrialResult read = Read(mesh, aspire);
        var doubtful = new OptionErrors();
        AspireEndpoints.Read(aspire, doubtful);
        return new Reading(mesh, aspire, read.Options, read.Errors, doubtful.ToLines());
    }

    private TrialResult Read(ConfigTree mesh, ConfigTree aspire, IReadOnlySet<string>? only = null, OptionStages? stages = null)
    {
        var errors = new OptionErrors();
        var layers = new LayeredOptions(_setup, _balancers, _sources, AspireEndpoints.Read(aspire, new OptionErrors()), errors) { Only = only, Stages = stages };
        return new TrialResult(layers.Read(mesh), errors.ToLines());
    }

    private IReadOnlyList<string> CheckKeys(ConfigTree document)
    {
        var errors = new OptionErrors { OfSingleKeys = true };
        new LayeredOptions(new CodeOptions(), _balancers, _sources, new Dictionary<string, IList<EndpointOptions>>(), errors).Read(document);
        return errors.ToLines();
    }

    private void LogDoubtful(Reading reading)
    {
        if (reading.Doubtful.Count > 0 && (_good is null || !reading.Doubtful.SequenceEqual(_good.Doubtful)))
        {
            Log.AspireIgnored(_logger, string.Join(Environment.NewLine, reading.Doubtful));
        }
    }

    private void Notify(MeshPolicy policy)
    {
        foreach (Subscription subscription in _listeners)
        {
            try
            {
                subscription.Listener(policy);
            }
            catch (Exception exception)
            {
                Log.ListenerFailed(_logger, exception);
            }
        }
    }

    // The first call of a request may make this object; its timers must not keep that request's context alive.
    private ITimer CreateTimer(Action run)
    {
        using AsyncFlowControl? flow = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
        return _time.CreateTimer(static state => ((Action)state!)(), run, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private sealed record Reading(ConfigTree Mesh, ConfigTree Aspire, MeshOptions Options, IReadOnlyList<string> Errors, IReadOnlyList<string> Doubtful);

    private sealed class Subscription(MeshConfiguration owner, Action<MeshPolicy> listener) : IDisposable
    {
        public Action<MeshPolicy> Listener => listener;

        public void Dispose() => ImmutableInterlocked.Update(ref owner._listeners, static (all, one) => all.Remove(one), this);
    }
}
