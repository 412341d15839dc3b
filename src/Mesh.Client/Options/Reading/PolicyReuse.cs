using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Mesh.Client.Model;

namespace Mesh.Client.Options.Reading;

/// <summary>
/// Keeps the instances of a policy in a new one that says the same, so that a reader sees by reference what has changed, and the state of what
/// has not survives.
/// </summary>
internal sealed class PolicyReuse
{
    // Many services may share one inherited list: each pair of lists is compared once.
    private readonly Dictionary<(object?, object?), bool> _compared = [];

    /// <summary>The old policy where both say the same; otherwise the new one with every part of the old one that did not change.</summary>
    public static MeshPolicy Merge(MeshPolicy old, MeshPolicy next)
    {
        var reuse = new PolicyReuse();
        FrozenDictionary<string, ServicePolicy> services = next.Services.ToFrozenDictionary(
            static s => s.Key,
            s => reuse.Service(old.For(s.Key), s.Value),
            StringComparer.Ordinal);
        bool sameServices = services.Count == old.Services.Count
            && services.All(s => old.Services.TryGetValue(s.Key, out ServicePolicy? before) && ReferenceEquals(before, s.Value));
        MeshPolicy merged = next with
        {
            Local = next.Local == old.Local ? old.Local : next.Local,
            Discovery = Discovery(old.Discovery, next.Discovery),
            Defaults = reuse.Service(old.Defaults, next.Defaults),
            Services = sameServices ? old.Services : services,
            Server = next.Server == old.Server ? old.Server : next.Server,
            AccessLog = next.AccessLog == old.AccessLog ? old.AccessLog : next.AccessLog,
            Added = SameAdded(old.Added, next.Added) ? old.Added : next.Added,
        };
        return merged == old ? old : merged;
    }

    private static bool SameAdded(FrozenDictionary<string, object> old, FrozenDictionary<string, object> next) =>
        old.Count == next.Count && next.All(s => old.TryGetValue(s.Key, out object? before) && before.Equals(s.Value));

    private static DiscoveryPolicy Discovery(DiscoveryPolicy old, DiscoveryPolicy next)
    {
        bool sameSources = old.Sources.IsDefault == next.Sources.IsDefault && (old.Sources.IsDefault || old.Sources.SequenceEqual(next.Sources));
        return sameSources && next with { Sources = old.Sources } == old ? old : next;
    }

    private ServicePolicy Service(ServicePolicy old, ServicePolicy next)
    {
        ServicePolicy merged = next with
        {
            Endpoints = SameEndpoints(old.Endpoints, next.Endpoints) ? old.Endpoints : next.Endpoints,
            Balancing = next.Balancing == old.Balancing ? old.Balancing : next.Balancing,
            Breaker = next.Breaker == old.Breaker ? old.Breaker : next.Breaker,
            Retry = SameRetry(old.Retry, next.Retry) ? old.Retry : next.Retry,
            HealthCheck = next.HealthCheck == old.HealthCheck ? old.HealthCheck : next.HealthCheck,
            Hedging = next.Hedging == old.Hedging ? old.Hedging : next.Hedging,
            RateLimits = next.RateLimits == old.RateLimits ? old.RateLimits : next.RateLimits,
            Routes = next.Routes == old.Routes ? old.Routes : next.Routes,
            Subsets = next.Subsets == old.Subsets ? old.Subsets : next.Subsets,
            Lanes = next.Lanes == old.Lanes ? old.Lanes : next.Lanes,
            Overlays = next.Overlays == old.Overlays ? old.Overlays : next.Overlays,
            Concurrency = next.Concurrency == old.Concurrency ? old.Concurrency : next.Concurrency,
            Pipeline = SamePipeline(old.Pipeline, next.Pipeline) ? old.Pipeline : next.Pipeline,
            Transport = SameTransport(old.Transport, next.Transport) ? old.Transport : next.Transport,
        };
        return merged == old ? old : merged;
    }

    private static bool SameRetry(RetryPolicy old, RetryPolicy next) =>
        next with { StatusCodes = old.StatusCodes } == old && next.StatusCodes.SetEquals(old.StatusCodes);

    private static bool SameTransport(TransportPolicy old, TransportPolicy next) =>
        next with { ConfigureHandler = old.ConfigureHandler } == old && SameCode(old.ConfigureHandler, next.ConfigureHandler);

    private static bool SamePipeline(ImmutableArray<PipelineStep> old, ImmutableArray<PipelineStep> next) =>
        old.Length == next.Length && old.Zip(next).All(static pair => SameCode(pair.First.Code, pair.Second.Code));

    // Code for a service runs anew at every reload, and a lambda that captures something is then a new delegate of the same code.
    private static bool SameCode(Delegate? old, Delegate? next) =>
        Equals(old, next)
        || (old is { HasSingleTarget: true } && next is { HasSingleTarget: true } && old.Method == next.Method && old.Target?.GetType() == next.Target?.GetType());

    private bool SameEndpoints(ImmutableArray<MeshEndpoint> old, ImmutableArray<MeshEndpoint> next)
    {
        if (old.Length != next.Length)
        {
            return false;
        }

        (object?, object?) pair = (ImmutableCollectionsMarshal.AsArray(old), ImmutableCollectionsMarshal.AsArray(next));
        if (!_compared.TryGetValue(pair, out bool same))
        {
            same = old.SequenceEqual(next);
            _compared.Add(pair, same);
        }

        return same;
    }
}
