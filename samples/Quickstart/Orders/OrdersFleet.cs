using System.Collections.Immutable;

namespace Quickstart.Orders;

/// <summary>All instances of the service, a killed one among them.</summary>
internal sealed class OrdersFleet(OrdersRegistry registry) : IAsyncDisposable
{
    private ImmutableList<OrdersInstance> _instances = [];

    public IReadOnlyList<OrdersInstance> Instances => Volatile.Read(ref _instances);

    public OrdersInstance this[string name] => Instances.Single(i => i.Name == name);

    /// <summary>Starts more instances, which join the registry as soon as they listen.</summary>
    public async Task<IReadOnlyList<OrdersInstance>> StartAsync(int count)
    {
        int first = Instances.Count + 1;
        OrdersInstance[] started = await Task.WhenAll(Enumerable.Range(first, count).Select(n => OrdersInstance.StartAsync($"orders-{n}")));
        foreach (OrdersInstance instance in started)
        {
            registry.Join(instance.Endpoint);
        }

        Volatile.Write(ref _instances, _instances.AddRange(started));
        return started;
    }

    /// <summary>The graceful way out: leave the registry first, then stop.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (OrdersInstance instance in Instances)
        {
            registry.Leave(instance.Endpoint);
            await instance.DisposeAsync();
        }
    }
}
