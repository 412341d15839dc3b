using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Mesh.Client.Discovery;
using Mesh.Client.Model;

namespace Quickstart.Orders;

/// <summary>
/// Where instances say that they are there, and the mesh hears of it: the whole of what a registry of your own needs. One that crashed
/// stays on the list, as it would anywhere.
/// </summary>
internal sealed class OrdersRegistry : IEndpointSource
{
    private readonly Lock _lock = new();
    private ImmutableArray<MeshEndpoint> _endpoints = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Name => "Registry";

    public void Join(MeshEndpoint endpoint) => Change(all => all.Add(endpoint));

    public void Leave(MeshEndpoint endpoint) => Change(all => all.Remove(endpoint));

    public async IAsyncEnumerable<EndpointUpdate> WatchAsync(string serviceName, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            ImmutableArray<MeshEndpoint> endpoints;
            Task changed;
            lock (_lock)
            {
                endpoints = _endpoints;
                changed = _changed.Task;
            }

            yield return serviceName == "orders" ? EndpointUpdate.Found(new EndpointSet(endpoints)) : EndpointUpdate.NotFound;
            await changed.WaitAsync(cancellationToken);
        }
    }

    private void Change(Func<ImmutableArray<MeshEndpoint>, ImmutableArray<MeshEndpoint>> change)
    {
        lock (_lock)
        {
            _endpoints = change(_endpoints);
            _changed.SetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
