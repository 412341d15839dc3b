using System.Text.Json;
using Mesh.Client.Consul.Api;
using Mesh.Client.Consul.Telemetry;
using Mesh.Client.Model;

namespace Mesh.Client.Consul.Discovery;

/// <summary>What one watch knows of its service: it makes updates of answers, and says nothing where nothing changed.</summary>
internal sealed class ServiceView(string serviceName, ConsulClient client, ConsulDiscovery shared)
{
    private readonly BlockingIndex _index = new();
    private EndpointUpdate? _last;
    private int _unusable;

    public BlockingIndex Index => _index;

    public Instances? Instances { get; private set; }

    /// <summary>Takes an answer.</summary>
    /// <returns>What is new; <see langword="null"/> where nothing is, or the answer may not be used.</returns>
    /// <exception cref="ConsulException">The answer cannot be used.</exception>
    public EndpointUpdate? Take(ConsulAnswer answer, ConsulQuery query)
    {
        if (!answer.KnownLeader)
        {
            throw new ConsulException($"GET /v1/{query.Path} was answered by a server that knows no leader, whose data may be of any age", isOutage: true);
        }

        int restarts = _index.Restarts;
        if (!_index.Take(answer.Index, fromLeader: !query.Stale))
        {
            return null;
        }

        if (_index.Restarts != restarts && shared.Log.TryTake())
        {
            ConsulLog.IndexWentBack(shared.Logger, serviceName, answer.Index);
        }

        Instances instances;
        try
        {
            instances = InstanceReader.Read(answer.Body, client.Policy);
        }
        catch (JsonException error)
        {
            throw client.Unreadable(query, error.Message);
        }

        if (instances.Count == 0 && answer.IsCached)
        {
            return null;
        }

        Instances = instances;
        LogUnusable(instances);
        return News(instances);
    }

    /// <summary>The source fails: its next good answer is news even if it says the same.</summary>
    public void OnFailure()
    {
        _last = null;
        _index.Forget();
    }

    private EndpointUpdate? News(Instances instances)
    {
        EndpointUpdate update;
        if (instances.Count > 0)
        {
            shared.Remember(serviceName);
        }

        if (!instances.Endpoints.IsEmpty)
        {
            if (_last is EndpointsFound found && found.Set.Endpoints.SequenceEqual(instances.Endpoints))
            {
                return null;
            }

            update = EndpointUpdate.Found(new EndpointSet(instances.Endpoints, _index.Revision));
        }
        else
        {
            // A Consul that lost its data knows no service at all; one that was there before is missed, not unknown.
            update = instances.Count > 0 || shared.Remembers(serviceName) ? EndpointUpdate.Empty(confirmed: false) : EndpointUpdate.NotFound;
            if (update == _last)
            {
                return null;
            }
        }

        _last = update;
        return update;
    }

    private void LogUnusable(Instances instances)
    {
        if (instances.Unusable != _unusable)
        {
            _unusable = instances.Unusable;
            if (_unusable > 0 && shared.Log.TryTake())
            {
                ConsulLog.InstancesLeftOut(shared.Logger, serviceName, _unusable);
            }
        }
    }
}
