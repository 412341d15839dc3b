using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Mesh.Client.Consul.Discovery.Catalog;

/// <summary>
/// One watch for any number of services of a datacenter: two blocking queries, on all checks and on the names of all services, wake at any change, and what they
/// and the nodes' registrations say is compared with what each service knows of itself. Only services that differ are read. See docs/decisions/consul-shared-watch.md.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The last member that leaves ends and disposes it.")]
internal sealed class CatalogWatch(string datacenter, ConsulDiscovery shared)
{
    private readonly Lock _lock = new();
    private ImmutableArray<CatalogMember> _members = [];
    private WideLoop[] _loops = [];
    private CancellationTokenSource? _run;

    public string Datacenter => datacenter;

    public ImmutableArray<CatalogMember> Members => _members;

    /// <summary>Whether a wide query cannot be used, so that services must look more often by themselves.</summary>
    public bool IsBlind => _loops.Any(static l => l.IsBlind);

    /// <summary>Adds a service; the first one starts the watch.</summary>
    public CatalogMember Join(string name)
    {
        var member = new CatalogMember(name, this, shared.Clock);
        lock (_lock)
        {
            _members = _members.Add(member);
            if (_run is null)
            {
                _run = new CancellationTokenSource();
                Start(_run.Token);
            }
        }

        return member;
    }

    /// <summary>Takes a service out; the last one ends the watch.</summary>
    public void Leave(CatalogMember member)
    {
        lock (_lock)
        {
            _members = _members.Remove(member);
            if (_members.IsEmpty)
            {
                _run?.Cancel();
                _run?.Dispose();
                _run = null;
            }
        }
    }

    private void Start(CancellationToken cancellationToken)
    {
        // Nobody's call: the context of the one that came first must not live on in it.
        using AsyncFlowControl? flow = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
        var checks = new ChecksLoop(this, shared);
        _loops = [checks, new ServicesLoop(this, checks, new NodeSweep(this, checks, shared), shared)];
        foreach (WideLoop loop in _loops)
        {
            _ = Task.Run(() => loop.RunAsync(cancellationToken), CancellationToken.None);
        }
    }
}
