using System.Text.Json;
using Mesh.IntegrationTests.Consul.Servers;
using Mesh.IntegrationTests.Wire;
using Mesh.IntegrationTests.Wire.Servers;
using Microsoft.AspNetCore.Http;

namespace Mesh.IntegrationTests.Consul;

/// <summary>Two real datacenters, of which the mesh asks the server of the first alone.</summary>
[Collection(typeof(OnTheWire))]
public sealed class ConsulDatacenterTests
{
    [Fact]
    public async Task Get_ServicesOfTwoDatacenters_GoToTheOneThatTheNameOrTheOptionsSay()
    {
        await using RealServer near = await RealServer.StartAsync(static context => context.Response.WriteAsync("near"));
        await using RealServer far = await RealServer.StartAsync(static context => context.Response.WriteAsync("far"));
        await using ConsulServer here = await ConsulServer.StartAsync();
        await using ConsulServer there = await ConsulServer.StartAsync("dc2", $"retry_join_wan = [ \"127.0.0.1:{here.WidePort}\" ] retry_interval_wan = \"1s\"");
        await here.RegisterAsync("orders", "orders-1", near.Endpoint.Port);
        await there.RegisterAsync("orders", "orders-2", far.Endpoint.Port);
        await HoldsAsync(async () => JsonSerializer.Deserialize<string[]>(await here.GetAsync("/v1/catalog/datacenters"))!.Length == 2);
        using var mesh = new ConsulMesh(here);
        using var abroad = new ConsulMesh(here, static options => options.Datacenter = "dc2");

        Assert.Equal("near", await mesh.CallAsync("orders"));
        Assert.Equal("far", await mesh.CallAsync("orders.dc2"));
        Assert.Equal("far", await abroad.CallAsync("orders"));

        await there.DeregisterAsync("orders-2");
        await there.RegisterAsync("orders", "orders-3", near.Endpoint.Port);
        await HoldsAsync(async () => await mesh.CallAsync("orders.dc2") == "near");
    }

    private static async Task HoldsAsync(Func<Task<bool>> condition)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(30), "it did not come true within 30 s");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken);
        }
    }
}
