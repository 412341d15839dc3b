using System.Globalization;
using Mesh.IntegrationTests.Consul.Servers;
using Mesh.IntegrationTests.Wire.Servers;
using Microsoft.AspNetCore.Http;

namespace Mesh.IntegrationTests.Consul;

/// <summary>Real instances of a service, registered in Consul.</summary>
internal sealed class InstanceFleet : IAsyncDisposable
{
    private readonly ConsulServer _consul;
    private readonly string _service;
    private readonly List<RealServer> _servers = [];
    private readonly List<RealServer> _added = [];

    private InstanceFleet(ConsulServer consul, string service)
    {
        _consul = consul;
        _service = service;
    }

    /// <summary>The connections that are open now, to all of them.</summary>
    public int Connections => _servers.Concat(_added).Sum(static s => s.Connections);

    public static async Task<InstanceFleet> StartAsync(ConsulServer consul, string service, int count)
    {
        var fleet = new InstanceFleet(consul, service);
        for (int i = 0; i < count; i++)
        {
            string name = Name(i);
            fleet._servers.Add(await RealServer.StartAsync(context => context.Response.WriteAsync(name)));
        }

        await fleet.RegisterAsync();
        return fleet;
    }

    /// <summary>Starts a further server, which is not registered here.</summary>
    public async Task<RealServer> AddAsync(string reply)
    {
        RealServer server = await RealServer.StartAsync(context => context.Response.WriteAsync(reply));
        _added.Add(server);
        return server;
    }

    public async Task RegisterAsync()
    {
        for (int i = 0; i < _servers.Count; i++)
        {
            await _consul.RegisterAsync(_service, Name(i), _servers[i].Endpoint.Port);
        }
    }

    public async Task DeregisterAsync()
    {
        for (int i = 0; i < _servers.Count; i++)
        {
            await _consul.DeregisterAsync(Name(i));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (RealServer server in _servers.Concat(_added))
        {
            await server.DisposeAsync();
        }
    }

    private static string Name(int instance) => string.Create(CultureInfo.InvariantCulture, $"i{instance}");
}
