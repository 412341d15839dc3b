using Mesh.Client.Model;
using Mesh.Client.Registration;

namespace Mesh.Client.Testing.Tests;

/// <summary>Instances that register in the registry of a test.</summary>
public sealed class RegisteredInstancesTests
{
    private readonly InMemoryRegistry _registry = new();

    [Fact]
    public async Task Register_OfInstances_IsWhatWatchersSee()
    {
        await RegisterAsync(new ServiceInstance("a", "orders", "10.0.0.1", 80) { Weight = 2, Scheme = "http" });
        await RegisterAsync(new ServiceInstance("b", "orders", "10.0.0.2", 80) { Labels = LabelSet.Create([new("version", "v2")]) });
        await RegisterAsync(new ServiceInstance("c", "shop", "10.0.0.3", 80));

        Assert.Equal(
            [new MeshEndpoint("10.0.0.1", 80) { Id = "a", Weight = 2, Scheme = "http" }, new MeshEndpoint("10.0.0.2", 80) { Id = "b", Labels = LabelSet.Create([new("version", "v2")]) }],
            await SeenAsync());
        Assert.Equal(["a", "b"], _registry.Instances("ORDERS").Select(static i => i.Id));
    }

    [Theory]
    [InlineData(0.1, 1, 10, 100)]
    [InlineData(0.01, 0, 0, 100)]
    [InlineData(0.5, 65535, 32768, 1)]
    public async Task Register_OfOneThatWarmsUp_ScalesAllWeights(double warmth, int weight, int cold, int warm)
    {
        await RegisterAsync(new ServiceInstance("a", "orders", "10.0.0.1", 80) { Weight = weight, Warmth = warmth });
        await RegisterAsync(new ServiceInstance("b", "orders", "10.0.0.2", 80));
        Assert.Equal([cold, warm], (await SeenAsync()).Select(static e => e.Weight));

        await RegisterAsync(new ServiceInstance("a", "orders", "10.0.0.1", 80) { Weight = weight });
        Assert.Equal([weight, 1], (await SeenAsync()).Select(static e => e.Weight));
    }

    [Fact]
    public async Task Register_OfAnIdThatAnotherHas_IsAConflictAndChangesNothing()
    {
        await RegisterAsync(new ServiceInstance("a", "orders", "10.0.0.1", 80));

        InstanceConflictException error = await Assert.ThrowsAsync<InstanceConflictException>(() => RegisterAsync(new ServiceInstance("a", "orders", "10.0.0.2", 80)));
        Assert.Equal("a", error.InstanceId);
        Assert.Contains("10.0.0.1:80", error.Message, StringComparison.Ordinal);
        Assert.Equal("10.0.0.1", Assert.Single(await SeenAsync()).Host);
    }

    [Fact]
    public async Task Deregister_OfTheLast_SaysThatThereIsNoneForSure()
    {
        await RegisterAsync(new ServiceInstance("a", "orders", "10.0.0.1", 80));
        await _registry.DeregisterAsync("unknown", TestContext.Current.CancellationToken);
        Assert.Single(await SeenAsync());
        await _registry.DeregisterAsync("a", TestContext.Current.CancellationToken);

        Assert.True(Assert.IsType<EndpointsEmpty>(await FirstAsync()).Confirmed);
        Assert.Empty(_registry.Instances("orders"));
    }

    private Task RegisterAsync(ServiceInstance instance) => _registry.RegisterAsync(instance, TestContext.Current.CancellationToken).AsTask();

    private async Task<MeshEndpoint[]> SeenAsync() => [.. Assert.IsType<EndpointsFound>(await FirstAsync()).Set.Endpoints];

    private async Task<EndpointUpdate> FirstAsync()
    {
        await foreach (EndpointUpdate update in _registry.WatchAsync("orders", TestContext.Current.CancellationToken))
        {
            return update;
        }

        throw new InvalidOperationException("The watch ended.");
    }
}
