using System.Collections.Immutable;
using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Nodes;

namespace Mesh.Client.Services;

/// <summary>
/// Compares the success rates of a service's endpoints once each <c>CircuitBreaker:SamplingDuration</c> and ejects those that stand out. It reads the
/// windows that the breakers keep anyway: calls pay nothing for it.
/// </summary>
internal sealed class OutlierComparison : IDisposable
{
    private readonly MeshService _service;
    private readonly TimeProvider _clock;
    private ITimer? _timer;
    private TimeSpan _interval;

    public OutlierComparison(MeshService service, TimeProvider clock)
    {
        _service = service;
        _clock = clock;
    }

    /// <summary>Takes a new policy and set of endpoints. Called by the watch task only.</summary>
    public void Follow(ServiceSnapshot snapshot)
    {
        BreakerPolicy policy = snapshot.Policy.Breaker;
        bool compares = policy.SuccessRateStdevFactor > 0 && snapshot.Members.Length >= Math.Max(1, policy.SuccessRateMinimumHosts);
        TimeSpan interval = compares ? policy.SamplingDuration : Timeout.InfiniteTimeSpan;
        if (_timer is null && compares)
        {
            _timer = _clock.CreateTimer(static s => ((OutlierComparison)s!).Compare(), this, interval, interval);
        }
        else if (interval != _interval)
        {
            _timer?.Change(interval, interval);
        }

        _interval = interval;
    }

    public void Dispose() => _timer?.Dispose();

    private void Compare()
    {
        if (_service.Snapshot is not { } snapshot || _clock.GetElapsedTime(_service.LastUsed) > snapshot.Policy.Breaker.SamplingDuration)
        {
            return;
        }

        BreakerPolicy policy = snapshot.Policy.Breaker;
        long now = _clock.GetTimestamp();
        ImmutableArray<EndpointNode> members = snapshot.Members;
        List<(double Rate, EndpointNode Node)> compared = [];
        foreach (EndpointNode node in members)
        {
            // Who is out already has nothing to be compared.
            if (node.State is BreakerState.Closed && node.Breaker.Sum(now) is { Total: > 0 } sum && sum.Total >= policy.SuccessRateRequestVolume)
            {
                compared.Add((1 - sum.FailureRatio, node));
            }
        }

        double threshold = SuccessRate.Threshold([.. compared.Select(static c => c.Rate)], policy.SuccessRateStdevFactor, policy.SuccessRateMinimumHosts);

        // The worst first: the cap may not leave room for all of them.
        foreach ((_, EndpointNode node) in compared.Where(c => c.Rate < threshold).OrderBy(static c => c.Rate))
        {
            TryEject(node, now);
        }
    }

    private static void TryEject(EndpointNode node, long now)
    {
        try
        {
            node.EjectAsOutlier(now);
        }
        catch (Exception)
        {
            // The endpoint is out; only the user's logger is left to throw, and on a timer that would end the process.
        }
    }
}
