using Mesh.IntegrationTests.Consul.Servers;
using Mesh.IntegrationTests.Wire;
using Mesh.IntegrationTests.Wire.Servers;
using Microsoft.AspNetCore.Http;

namespace Mesh.IntegrationTests.Consul;

/// <summary>Instances that other clients registered with a real Consul are read as they are.</summary>
[Collection(typeof(OnTheWire))]
public sealed class ForeignRegistrationTests
{
    [Fact]
    public async Task Get_InstanceOfSpringCloud_IsCalled()
    {
        await using ConsulServer consul = await ConsulServer.StartAsync();
        await using RealServer server = await RealServer.StartAsync(static context => context.Response.WriteAsync("spring"));

        // As spring-cloud-consul 2.1 does: no meta, everything in tags, and an HTTP check of its own.
        await consul.RegisterAsync($$$"""
            {"ID":"orders-8080","Name":"Orders","Tags":["secure=false","zone=eu-1"],"Address":"127.0.0.1","Port":{{{server.Endpoint.Port}}},
             "Check":{"Interval":"1s","HTTP":"http://127.0.0.1:{{{server.Endpoint.Port}}}/actuator/health","Status":"passing"}}
            """);
        using var mesh = new ConsulMesh(consul);

        Assert.Equal("spring", await mesh.CallAsync("orders"));
        Assert.NotNull(await Record.ExceptionAsync(() => mesh.Client.GetStringAsync("https://orders.mesh/", TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task Get_InstanceWithoutAnAddressOnANodeOfIpv6_IsCalled()
    {
        await using ConsulServer consul = await ConsulServer.StartAsync();
        await using RealServer server = await RealServer.StartAsync(static context => context.Response.WriteAsync("four"));

        // By the catalog's API, as an external service is, with the address that maps into IPv6.
        await consul.PutAsync("/v1/catalog/register", $$$"""{"Node":"outside","Address":"::ffff:127.0.0.1","Service":{"ID":"x","Service":"orders","Port":{{{server.Endpoint.Port}}}}}""");
        using var mesh = new ConsulMesh(consul);

        Assert.Equal("four", await mesh.CallAsync("orders"));
    }

    [Fact]
    public async Task Get_FromANamedDatacenter_IsCalled()
    {
        await using ConsulServer consul = await ConsulServer.StartAsync();
        await using RealServer server = await RealServer.StartAsync(static context => context.Response.WriteAsync("one"));
        await consul.RegisterAsync("orders", "o1", server.Endpoint.Port);
        using var mesh = new ConsulMesh(consul);

        Assert.Equal("one", await mesh.CallAsync("orders.dc1"));
    }
}
