using Mesh.Client.Consul.Api;
using Mesh.Client.Consul.Telemetry;
using Mesh.Client.Model;
using Mesh.Client.Retries;

namespace Mesh.Client.Consul.Discovery;

/// <summary>Follows a service with a blocking query of its own.</summary>
internal sealed class OwnWatch(string serviceName, ConsulDiscovery shared)
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan SlowestRetry = TimeSpan.FromSeconds(30);

    /// <summary>After an outage the questions of all services are spread over this.</summary>
    private static readonly TimeSpan Comeback = TimeSpan.FromMilliseconds(500);

    private readonly ServiceView _view = new(serviceName, shared.Client, shared);
    private readonly QueryPace _pace = new(shared.Clock);
    private ServiceTarget? _target;
    private TimeSpan _pause;
    private int _failures;

    /// <summary>Waits for the next thing to say.</summary>
    public async Task<EndpointUpdate> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_failures > 0 && await shared.Outage.WaitAsync(cancellationToken).ConfigureAwait(false))
            {
                // Consul is back: what failed before says nothing of it now.
                _failures = 1;
                _pause = Backoff.FullJitter(1, Comeback, Comeback, shared.Random);
            }

            if (_pause > TimeSpan.Zero)
            {
                await Task.Delay(_pause, shared.Clock, cancellationToken).ConfigureAwait(false);
            }

            try
            {
                if (await AskAsync(cancellationToken).ConfigureAwait(false) is { } update)
                {
                    return update;
                }
            }
            catch (ConsulException error)
            {
                if (OnFailure(error) is { } update)
                {
                    return update;
                }
            }
        }
    }

    private async Task<EndpointUpdate?> AskAsync(CancellationToken cancellationToken)
    {
        ConsulPolicy policy = shared.Client.Policy;
        ServiceTarget target = _target ??= await shared.Datacenters.TargetAsync(serviceName, cancellationToken).ConfigureAwait(false);
        ConsulQuery query = target.Query(policy, _view.Index.AskLeader) with
        {
            Index = _view.Index.Next,
            Wait = policy.WaitTime - (policy.WaitTime * 0.1 * shared.Random.NextDouble()),
        };
        _pace.OnAsk();
        using ConsulAnswer answer = await shared.Client.GetAsync(query, cancellationToken).ConfigureAwait(false);
        bool isNews = answer.Index != query.Index;
        EndpointUpdate? update = _view.Take(answer, query);
        _failures = 0;
        _pause = _pace.AfterAnswer(isNews && !_view.Index.AskLeader);
        return update;
    }

    // An outage is one for all services and has its own pace; what only this service meets is tried again ever more slowly.
    private EndpointUpdate? OnFailure(ConsulException error)
    {
        _failures++;
        _view.Index.Forget();
        _view.OnFailure();
        _pause = Backoff.FullJitter(_failures, FirstRetry, SlowestRetry, shared.Random);
        if (error.IsOutage)
        {
            shared.Outage.Report(error);
        }
        else if (_failures == 1 && shared.Log.TryTake())
        {
            ConsulLog.AnswerUnusable(shared.Logger, serviceName, error.Message);
        }

        return _failures == 1 ? EndpointUpdate.Failing(error) : null;
    }
}
