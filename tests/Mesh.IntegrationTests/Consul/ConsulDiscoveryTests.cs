using Mesh.Client;
using Mesh.IntegrationTests.Consul.Servers;
using Mesh.IntegrationTests.Wire;
using Mesh.IntegrationTests.Wire.Servers;
using Microsoft.AspNetCore.Http;

namespace Mesh.IntegrationTests.Consul;

/// <summary>Discovery from a real Consul.</summary>
[Collection(typeof(OnTheWire))]
public sealed class ConsulDiscoveryTests
{
    [Fact]
    public async Task Get_OfARegisteredService_FollowsItsInstances()
    {
        await using ConsulServer consul = await ConsulServer.StartAsync();
        await using RealServer one = await RealServer.StartAsync(static context => context.Response.WriteAsync("one"));
        await using RealServer two = await RealServer.StartAsync(static context => context.Response.WriteAsync("two"));
        await consul.RegisterAsync("orders", "o1", one.Endpoint.Port);
        using var mesh = new ConsulMesh(consul);

        Assert.Equal("one", await mesh.CallAsync("orders"));

        await consul.RegisterAsync("orders", "o2", two.Endpoint.Port);
        await EventuallyAsync(mesh, "two");
        await consul.DeregisterAsync("o1");
        await OnlyAsync(mesh, "two");
        await consul.RegisterAsync("orders", "o1", one.Endpoint.Port);
        await EventuallyAsync(mesh, "one");
        await consul.PutAsync("/v1/agent/service/maintenance/o2?enable=true&reason=test");
        await OnlyAsync(mesh, "one");
        await consul.PutAsync("/v1/agent/service/maintenance/o2?enable=false");
        await EventuallyAsync(mesh, "two");
    }

    [Fact]
    public async Task Get_OfAServiceThatConsulDoesNotKnow_IsUnknownAndThenFound()
    {
        await using ConsulServer consul = await ConsulServer.StartAsync();
        await using RealServer one = await RealServer.StartAsync(static context => context.Response.WriteAsync("one"));
        using var mesh = new ConsulMesh(consul);

        MeshException error = await Assert.ThrowsAsync<MeshException>(() => mesh.CallAsync("orders"));
        Assert.Contains("Consul: not found", error.Message, StringComparison.Ordinal);

        await consul.RegisterAsync("orders", "o1", one.Endpoint.Port);
        await EventuallyAsync(mesh, "one");
    }

    private static async Task EventuallyAsync(ConsulMesh mesh, string reply)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (await ReplyAsync(mesh) != reply)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(10), $"{reply} was not called within 10 s");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TestContext.Current.CancellationToken);
        }
    }

    private static async Task OnlyAsync(ConsulMesh mesh, string reply)
    {
        long start = TimeProvider.System.GetTimestamp();
        for (int inARow = 0; inARow < 30;)
        {
            inARow = await ReplyAsync(mesh) == reply ? inARow + 1 : 0;
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(10), $"others than {reply} were still called after 10 s");
        }
    }

    private static async Task<string> ReplyAsync(ConsulMesh mesh)
    {
        try
        {
            return await mesh.CallAsync("orders");
        }
        catch (MeshException error)
        {
            return error.Message;
        }
    }
}
