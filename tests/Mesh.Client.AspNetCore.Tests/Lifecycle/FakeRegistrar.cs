using System.Collections.Concurrent;
using Mesh.Client.Registration;

namespace Mesh.Client.AspNetCore.Tests.Lifecycle;

/// <summary>A registry that keeps what it was told, and fails, hangs or refuses as the test says.</summary>
internal sealed class FakeRegistrar : IServiceRegistrar
{
    private readonly ConcurrentQueue<ServiceInstance> _registered = new();
    private readonly ConcurrentQueue<string> _deregistered = new();

    public ServiceInstance[] Registered => [.. _registered];

    public string[] Deregistered => [.. _deregistered];

    public int Attempts { get; private set; }

    public Func<ServiceInstance, CancellationToken, Task>? OnRegister { get; set; }

    public Func<CancellationToken, Task>? OnDeregister { get; set; }

    public async ValueTask RegisterAsync(ServiceInstance instance, CancellationToken cancellationToken)
    {
        Attempts++;
        if (OnRegister is { } script)
        {
            await script(instance, cancellationToken);
        }

        _registered.Enqueue(instance);
    }

    public async ValueTask DeregisterAsync(string instanceId, CancellationToken cancellationToken)
    {
        if (OnDeregister is { } script)
        {
            await script(cancellationToken);
        }

        _deregistered.Enqueue(instanceId);
    }
}
