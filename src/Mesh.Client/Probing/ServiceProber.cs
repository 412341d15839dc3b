using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Microsoft.Extensions.Logging;

namespace Mesh.Client.Probing;

/// <summary>
/// The active health checks of one service, after Envoy's: it follows the endpoints that take calls of this process. Used by the service's watch
/// task alone.
/// </summary>
internal sealed class ServiceProber : IDisposable
{
    private readonly Dictionary<EndpointNode, EndpointProber> _probers = [];

    // An endpoint that is probed again has the same prober, which knows of a probe that is still out.
    private readonly ConditionalWeakTable<EndpointNode, EndpointProber> _known = [];
    private readonly string _service;
    private readonly ProbeMaker _maker;
    private readonly ProbeRounds _rounds;
    private readonly ILogger _logger;

    public ServiceProber(string service, ProbeMaker maker, TimeProvider clock, Random random, ILogger logger)
    {
        _service = service;
        _maker = maker;
        _rounds = new ProbeRounds(clock, random);
        _logger = logger;
    }

    /// <summary>Probes these endpoints by this policy, and no others.</summary>
    public void Follow(ImmutableArray<EndpointNode> endpoints, ServicePolicy policy)
    {
        if (!_maker.CanMake(policy.HealthCheck.Type))
        {
            Dispose();
            return;
        }

        if (_probers.Count > 0)
        {
            HashSet<EndpointNode> listed = [.. endpoints];
            foreach ((EndpointNode node, EndpointProber prober) in _probers)
            {
                if (!listed.Contains(node))
                {
                    _probers.Remove(node);
                    prober.End();
                }
            }
        }

        foreach (EndpointNode node in endpoints)
        {
            if (!_probers.TryGetValue(node, out EndpointProber? prober))
            {
                _probers[node] = prober = _known.GetValue(node, n => new EndpointProber(n, _service, _maker, _rounds, _logger));
            }

            prober.Begin(ProbePlan.Of(node.Endpoint, policy));
        }
    }

    /// <summary>Probes nobody any more; all endpoints count as well.</summary>
    public void Dispose()
    {
        foreach (EndpointProber prober in _probers.Values)
        {
            prober.End();
        }

        _probers.Clear();
    }
}
