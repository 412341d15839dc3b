using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Mesh.Client.Model;
using Mesh.Client.Telemetry;

namespace Mesh.Client.Services;

/// <summary>The registry of the services in use, and the judge of which hosts are services at all.</summary>
internal sealed class MeshServices : IDisposable
{
    /// <summary>The suffix that makes any name a service.</summary>
    public const string Suffix = ".mesh";

    /// <summary>A service that nobody called for this long is no longer watched.</summary>
    public static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(10);

    /// <summary>For this long a bare host that no source knows is passed through without asking again, and a service that nobody named stays though no source knows it.</summary>
    public static readonly TimeSpan NegativeTime = TimeSpan.FromSeconds(30);

    /// <summary>So many services can be in use at once; hosts beyond it that nobody configured pass through.</summary>
    public const int MaxServices = 10_000;

    /// <summary>Beyond so many services in use, questions bring no further one into use: they must not take the room that calls need.</summary>
    public const int MaxAsked = 1000;

    private const int MaxNegative = 1024;
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<ServiceKey, MeshService> _services = new();
    private readonly ConcurrentDictionary<ServiceKey, long> _negative = new();
    private readonly MeshEngine _engine;
    private readonly IDisposable _listener;
    private readonly ITimer _sweep;
    private List<MeshService> _leaving = [];
    private volatile bool _disposed;

    public MeshServices(MeshEngine engine)
    {
        _engine = engine;
        _ = new ServiceGauges(this, engine.Metrics);
        _listener = engine.Configuration.OnChange(OnPolicy);
        _sweep = engine.Clock.CreateTimer(static s => ((MeshServices)s!).Sweep(), this, SweepInterval, SweepInterval);
    }

    public MeshEngine Engine => _engine;

    /// <summary>The services in use.</summary>
    public ICollection<MeshService> InUse => [.. _services.Values.Distinct()];

    /// <summary>Whether a URI means a service that is in use, or so few are that another one may come into use for the sake of a question.</summary>
    public bool MayAsk(Uri uri) => _services.Count < MaxAsked || _services.ContainsKey(KeyOf(uri, null));

    /// <summary>Finds the service that a URI means.</summary>
    /// <param name="uri">The URI of a call.</param>
    /// <param name="transport">The caller's own transport, where the caller replaced it.</param>
    /// <param name="service">The service.</param>
    /// <returns><see langword="false"/> where the host is no service and the call is none of the mesh's business.</returns>
    public bool TryGet(Uri uri, HttpMessageHandler? transport, [NotNullWhen(true)] out MeshService? service)
    {
        ServiceKey key = KeyOf(uri, transport);
        return _services.TryGetValue(key, out service) || TryAdd(uri, key, out service);
    }

    /// <summary>Another service, as the same callers see it: over the same transport, and with the same port where the URI names one.</summary>
    public MeshService Sibling(MeshService service, string name) => service.Name == name ? service : GetOrMake(service.Key with { Host = name }, name, tentative: false);

    /// <summary>Whether a URI leaves the choice of the scheme to the mesh, as in <c>https+http://orders</c>. No other handler could send that.</summary>
    public static bool HasAlternatives(Uri uri) => uri.Scheme.Contains('+', StringComparison.Ordinal);

    /// <summary>Remembers that no source knows a bare host.</summary>
    public void Forget(MeshService service, Uri uri)
    {
        if (_negative.Count >= MaxNegative)
        {
            _negative.Clear();
        }

        _negative[KeyOf(uri, null)] = _engine.Clock.GetTimestamp();
        Remove(service);
    }

    public void Dispose()
    {
        _disposed = true;
        _sweep.Dispose();
        _listener.Dispose();
        foreach (MeshService service in InUse.Concat(_leaving))
        {
            Remove(service);
        }

        _engine.Cache.Dispose();
    }

    private static ServiceKey KeyOf(Uri uri, HttpMessageHandler? transport) => new(uri.Host, uri.IsDefaultPort || uri.Port < 0 ? 0 : uri.Port, transport);

    private bool TryAdd(Uri uri, ServiceKey key, [NotNullWhen(true)] out MeshService? service)
    {
        service = null;
        if (uri.HostNameType is not UriHostNameType.Dns || key.Host is "localhost")
        {
            return false;
        }

        string name = key.Host.EndsWith(Suffix, StringComparison.Ordinal) && key.Host.Length > Suffix.Length ? key.Host[..^Suffix.Length] : key.Host;
        bool configured = _engine.Configuration.Current.Services.ContainsKey(name);
        bool named = configured || !ReferenceEquals(name, key.Host);
        if (!named && !HasAlternatives(uri) && (key.Transport is not null || key.Host.Contains('.', StringComparison.Ordinal) || IsKnownStranger(key)))
        {
            return false;
        }

        // Asked last: counting takes all the locks of the dictionary, and each call out of the mesh comes by here.
        if (!configured && _services.Count >= MaxServices)
        {
            return false;
        }

        ObjectDisposedException.ThrowIf(_disposed, typeof(MeshServices));
        MeshService made = GetOrMake(key with { Host = name }, name, !named);
        if (!ReferenceEquals(name, key.Host))
        {
            _services.TryAdd(key, made);
        }

        service = made;
        return true;
    }

    private MeshService GetOrMake(ServiceKey key, string name, bool tentative)
    {
        while (true)
        {
            if (_services.TryGetValue(key, out MeshService? service))
            {
                return service;
            }

            var made = new MeshService(_engine, key, name, tentative);
            if (_services.TryAdd(key, made))
            {
                return made;
            }

            made.Dispose();
        }
    }

    private bool IsKnownStranger(ServiceKey key)
    {
        if (!_negative.TryGetValue(key, out long since))
        {
            return false;
        }

        if (_engine.Clock.GetElapsedTime(since) < NegativeTime)
        {
            return true;
        }

        _negative.TryRemove(key, out _);
        return false;
    }

    private void OnPolicy(MeshPolicy policy)
    {
        _negative.Clear();
        _engine.Reorder(policy.Discovery);
        foreach (MeshService service in InUse)
        {
            service.OnPolicy();
        }
    }

    private void Sweep()
    {
        // A call may have got hold of a service at the moment it left: it ends one sweep later.
        List<MeshService> leaving = [];
        List<MeshService> left = Interlocked.Exchange(ref _leaving, leaving);
        foreach (MeshService service in InUse)
        {
            bool named = _engine.Configuration.Current.Services.ContainsKey(service.Name);
            if (service.IsIdle(IdleTime, named ? IdleTime : NegativeTime))
            {
                EngineLog.ServiceLeft(_engine.Logger, service.Name, _engine.Clock.GetElapsedTime(service.LastUsed));
                leaving.Add(service);
            }
            else
            {
                service.KeepFresh();
                service.Fallbacks.Sweep();
            }
        }

        // Those that left once more: a name with the suffix may have been added for one meanwhile.
        Unlist([.. leaving, .. left]);
        left.ForEach(static s => s.Dispose());
    }

    private void Remove(MeshService service)
    {
        Unlist([service]);
        service.Dispose();
    }

    private void Unlist(HashSet<MeshService> leaving)
    {
        if (leaving.Count == 0)
        {
            return;
        }

        foreach ((ServiceKey key, MeshService value) in _services)
        {
            if (leaving.Contains(value))
            {
                _services.TryRemove(new KeyValuePair<ServiceKey, MeshService>(key, value));
            }
        }
    }
}
