using System.Collections.Immutable;
using Mesh.Client.Model;
using Mesh.Client.Registration;

namespace Mesh.Client.Testing;

/// <summary>What is registered in an <see cref="InMemoryRegistry"/>. Each change is published before the next one is made.</summary>
internal sealed class RegisteredInstances
{
    private const int MostScale = 100;

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, ServiceInstance> _byId = new(StringComparer.Ordinal);

    public ImmutableArray<ServiceInstance> Of(string service)
    {
        lock (_lock)
        {
            return Of_NeedsLock(service);
        }
    }

    public void Add(ServiceInstance instance, Action<ImmutableArray<MeshEndpoint>> publish)
    {
        lock (_lock)
        {
            if (_byId.TryGetValue(instance.Id, out ServiceInstance? known) && (known.Service, known.Host, known.Port) != (instance.Service, instance.Host, instance.Port))
            {
                throw new InstanceConflictException(instance.Id, $"'{instance.Id}' is registered as {known.Service} at {known.Host}:{known.Port}; give this instance another id, or deregister that one first.");
            }

            _byId[instance.Id] = instance;
            publish(Endpoints(Of_NeedsLock(instance.Service)));
        }
    }

    public void Remove(string id, Action<string, ImmutableArray<MeshEndpoint>> publish)
    {
        lock (_lock)
        {
            if (_byId.Remove(id, out ServiceInstance? gone))
            {
                publish(gone.Service, Endpoints(Of_NeedsLock(gone.Service)));
            }
        }
    }

    private ImmutableArray<ServiceInstance> Of_NeedsLock(string service) =>
        [.. _byId.Values.Where(i => string.Equals(i.Service, service, StringComparison.OrdinalIgnoreCase))];

    private static ImmutableArray<MeshEndpoint> Endpoints(ImmutableArray<ServiceInstance> instances)
    {
        // Weights end at 65535.
        int scale = instances.All(static i => i.Warmth >= 1) ? 0 : Math.Clamp(ushort.MaxValue / Math.Max(1, instances.Max(static i => i.Weight)), 1, MostScale);
        return
        [
            .. instances.Select(i => new MeshEndpoint(i.Host, i.Port)
            {
                Id = i.Id,
                Scheme = i.Scheme,
                Weight = scale == 0 ? i.Weight : Share(i, scale),
                Locality = i.Locality,
                Labels = i.Labels,
            }),
        ];
    }

    // One that takes calls takes some while it is cold.
    private static int Share(ServiceInstance instance, int scale) =>
        instance.Weight == 0 ? 0 : (int)Math.Max(1, Math.Round(instance.Weight * instance.Warmth * scale));
}
