using Mesh.Client.Consul.Api;
using Mesh.Client.Consul.Discovery.Catalog;
using Mesh.Client.Consul.Telemetry;
using Mesh.Client.Model;
using Mesh.Client.Retries;

namespace Mesh.Client.Consul.Discovery;

/// <summary>Follows one service: with a blocking query of its own while there is a place for one, otherwise as a member of the shared watch.</summary>
internal sealed class ServiceFollower(string serviceName, ConsulDiscovery shared) : IDisposable
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan SlowestRetry = TimeSpan.FromSeconds(30);

    /// <summary>After an outage the questions of all services are spread over this.</summary>
    private static readonly TimeSpan Comeback = TimeSpan.FromMilliseconds(500);

    /// <summary>The shared watch compares everything once a wait; a service looks by itself so much more rarely, for what no comparison finds.</summary>
    private const int WaitsToALook = 10;

    /// <summary>A server that lags behind the one that the watch heard of a change from gets so many chances.</summary>
    private const int LagLooks = 3;

    private static readonly TimeSpan BlindLook = TimeSpan.FromSeconds(10);

    private readonly ServiceView _view = new(serviceName, shared.Client, shared);
    private readonly QueryPace _pace = new(shared.Clock);
    private readonly bool _hasPlace = shared.TryTakePlace();
    private CatalogWatch? _catalog;
    private CatalogMember? _member;
    private ServiceTarget? _target;
    private TimeSpan _pause;
    private int _failures;
    private int _comebacks;
    private int _looks;

    /// <summary>Waits for the next thing to say.</summary>
    public async Task<EndpointUpdate> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_failures > 0 && await shared.Outage.WaitAsync(cancellationToken).ConfigureAwait(false))
            {
                // Consul is back: what failed before says nothing of it now, unless it fails for this service again and again.
                _pause = Backoff.FullJitter(++_comebacks, Comeback, SlowestRetry, shared.Random);
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

    public void Dispose()
    {
        _member?.Dispose();
        if (_hasPlace)
        {
            shared.GivePlaceBack();
        }
    }

    private async Task<EndpointUpdate?> AskAsync(CancellationToken cancellationToken)
    {
        shared.Outage.ThrowIfOut();
        ConsulPolicy policy = shared.Client.Policy;
        ServiceTarget target = _target ??= await shared.Datacenters.TargetAsync(serviceName, cancellationToken).ConfigureAwait(false);
        ConsulQuery query = target.Query(policy, _view.Index.AskLeader);
        if (_hasPlace)
        {
            TimeSpan wait = Jittered(policy.WaitTime);
            _pace.OnAsk();
            return Take(await shared.Client.GetAsync(query with { Index = _view.Index.Next, Wait = wait }, cancellationToken).ConfigureAwait(false), query, _view.Index.Next);
        }

        if (_member is null)
        {
            _catalog = shared.Catalog(target.Datacenter);
            _member = _catalog.Join(target.Name);
        }

        ulong before = _view.Index.Next;
        if (before > 0 && await _member.WaitAsync(Jittered(_catalog!.IsBlind ? BlindLook : policy.WaitTime * WaitsToALook), cancellationToken).ConfigureAwait(false))
        {
            _looks++;
        }

        _pace.OnAsk();
        EndpointUpdate? update = Take(await shared.ReadAsync(query, cancellationToken).ConfigureAwait(false), query, before);
        _member.Marks = _view.Instances?.Marks;
        if (_view.Index.Next != before || _looks >= LagLooks)
        {
            _looks = 0;
        }
        else if (_looks > 0)
        {
            _member.Look();
        }

        return update;
    }

    private EndpointUpdate? Take(ConsulAnswer taken, ConsulQuery query, ulong before)
    {
        using ConsulAnswer answer = taken;
        EndpointUpdate? update = _view.Take(answer, query);
        _failures = 0;
        _comebacks = 0;
        _pause = _pace.AfterAnswer(answer.Index != before && !_view.Index.AskLeader);
        return update;
    }

    // Watches that began together must not go on together.
    private TimeSpan Jittered(TimeSpan wait) => wait - (wait * 0.1 * shared.Random.NextDouble());

    // An outage is one for all services and has its own pace; what only this service meets is tried again ever more slowly.
    private EndpointUpdate? OnFailure(ConsulException error)
    {
        _failures++;
        _view.OnFailure();
        if (_member is not null)
        {
            _member.Marks = null;
        }

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
