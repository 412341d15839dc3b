using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Mesh.Client.Discovery;
using Mesh.Client.Model;
using Mesh.Client.Registration;

namespace Mesh.Client.Testing;

/// <summary>
/// A registry in the test's own memory: what the test sets, the mesh sees. The names of services are not case-sensitive. Safe for use by many threads.
/// </summary>
/// <remarks>
/// A service that was never set is unknown, so that the next source is asked. Each call that changes a service is an answer to its running
/// watches, even if it says what the one before said; a watch that is busy with an older answer gets only the newest one after it.
/// Instances register in it too: each registration, and the end of one, says the whole service anew as it is registered, whatever the test set before.
/// <code>
/// var registry = new InMemoryRegistry();
/// registry.Set("orders", "10.0.0.1:80", "10.0.0.2:80");
/// services.AddMesh(mesh => mesh.AddInMemoryRegistry(registry));
/// </code>
/// </remarks>
public sealed class InMemoryRegistry : IEndpointSource, IServiceRegistrar
{
    private readonly ConcurrentDictionary<string, RegistryEntry> _entries = new(StringComparer.OrdinalIgnoreCase);
    private readonly RegisteredInstances _instances = new();

    /// <summary>The name of the source: <c>InMemory</c>.</summary>
    public string Name => "InMemory";

    /// <summary>Says that a service lives at these endpoints, and at no others.</summary>
    /// <param name="serviceName">The logical name.</param>
    /// <param name="endpoints">The endpoints, at least one.</param>
    /// <exception cref="ArgumentException">The name is blank, or there is no endpoint.</exception>
    public void Set(string serviceName, params MeshEndpoint[] endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        foreach (MeshEndpoint endpoint in endpoints)
        {
            ArgumentNullException.ThrowIfNull(endpoint, nameof(endpoints));
        }

        CheckSome(serviceName, endpoints.Length, nameof(endpoints));
        Set(serviceName, new EndpointSet([.. endpoints]));
    }

    /// <summary>Says that a service lives at these addresses, and at no others.</summary>
    /// <param name="serviceName">The logical name.</param>
    /// <param name="authorities">At least one address as <c>host:port</c>, such as <c>10.0.0.1:80</c> or <c>[::1]:80</c>; without a port the port of the call's URI is used.</param>
    /// <exception cref="ArgumentException">The name is blank, there is no address, or one is malformed.</exception>
    public void Set(string serviceName, params string[] authorities)
    {
        ArgumentNullException.ThrowIfNull(authorities);
        CheckSome(serviceName, authorities.Length, nameof(authorities));
        Set(serviceName, new EndpointSet([.. authorities.Select(static a => EndpointAuthority.Parse(a, nameof(authorities)))]));
    }

    /// <summary>Says that a service lives at the endpoints of a set, which is passed on as it is.</summary>
    /// <param name="serviceName">The logical name.</param>
    /// <param name="endpoints">The set; it may be empty, to try how that is taken.</param>
    /// <exception cref="ArgumentException">The name is blank, or the set's array is not initialised.</exception>
    public void Set(string serviceName, EndpointSet endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        if (endpoints.Endpoints.IsDefault)
        {
            throw new ArgumentException($"The endpoints of '{serviceName}' are an array that was never initialised; give an empty one instead.", nameof(endpoints));
        }

        Entry(serviceName).Publish(EndpointUpdate.Found(endpoints));
    }

    /// <summary>Says that a service is known and has no endpoint.</summary>
    /// <param name="serviceName">The logical name.</param>
    /// <param name="confirmed"><see langword="true"/> as a registry that is sure says it, and the endpoints leave at once; <see langword="false"/> for one that may be wrong, and they are kept for <c>Discovery:EmptyGrace</c>.</param>
    /// <exception cref="ArgumentException">The name is blank.</exception>
    public void SetEmpty(string serviceName, bool confirmed) => Entry(serviceName).Publish(EndpointUpdate.Empty(confirmed));

    /// <summary>Says that a service is not known, as at the start; the next source is asked.</summary>
    /// <param name="serviceName">The logical name.</param>
    /// <exception cref="ArgumentException">The name is blank.</exception>
    public void Remove(string serviceName) => Entry(serviceName).Publish(EndpointUpdate.NotFound);

    /// <summary>Breaks the registry for a service: its running watches throw, and so do new ones until the service is set, set empty or removed.</summary>
    /// <param name="serviceName">The logical name.</param>
    /// <param name="exception">What they throw.</param>
    /// <exception cref="ArgumentException">The name is blank.</exception>
    public void Fail(string serviceName, Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        Entry(serviceName).Fail(exception);
    }

    /// <summary>How many watches of a service are running: 0 before the mesh uses it and after it has let it go.</summary>
    /// <param name="serviceName">The logical name.</param>
    /// <exception cref="ArgumentException">The name is blank.</exception>
    public int Watchers(string serviceName) => Entry(serviceName).Watchers;

    /// <summary>What is registered of a service, in the order of the ids.</summary>
    /// <param name="serviceName">The logical name.</param>
    /// <exception cref="ArgumentException">The name is blank.</exception>
    public ImmutableArray<ServiceInstance> Instances(string serviceName)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(serviceName);
        return _instances.Of(serviceName);
    }

    /// <summary>Registers an instance, and says the whole service anew. While one of them warms up, all weights are a hundredfold, so that its share is a whole number.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="cancellationToken">Not used: it is registered at once.</param>
    /// <exception cref="InstanceConflictException">The id is registered with another service, host or port: that is another process.</exception>
    public ValueTask RegisterAsync(ServiceInstance instance, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(instance);
        _instances.Add(instance, endpoints => Set(instance.Service, new EndpointSet(endpoints)));
        return ValueTask.CompletedTask;
    }

    /// <summary>Takes an instance out, and says the whole service anew; after the last one that it has no endpoint, for sure.</summary>
    /// <param name="instanceId">Its id.</param>
    /// <param name="cancellationToken">Not used: it is gone at once.</param>
    public ValueTask DeregisterAsync(string instanceId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(instanceId);
        _instances.Remove(instanceId, (service, endpoints) => Entry(service).Publish(endpoints.IsEmpty ? EndpointUpdate.Empty(confirmed: true) : EndpointUpdate.Found(new EndpointSet(endpoints))));
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<EndpointUpdate> WatchAsync(string serviceName, CancellationToken cancellationToken) =>
        WatchAsync(Entry(serviceName), cancellationToken);

    private static async IAsyncEnumerable<EndpointUpdate> WatchAsync(RegistryEntry entry, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        entry.Enter();
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                RegistryAnswer answer = entry.Answer;
                yield return answer.Update ?? throw answer.Failure!;
                await answer.Replaced.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            entry.Leave();
        }
    }

    private static void CheckSome(string serviceName, int count, string parameter)
    {
        if (count == 0)
        {
            throw new ArgumentException($"No endpoint of '{serviceName}' is given. Use {nameof(SetEmpty)} for a service without one and {nameof(Remove)} for an unknown one.", parameter);
        }
    }

    private RegistryEntry Entry(string serviceName)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(serviceName);
        return _entries.GetOrAdd(serviceName, static _ => new RegistryEntry());
    }
}
