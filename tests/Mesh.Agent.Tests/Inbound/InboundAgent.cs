using Mesh.Agent.Tests.Support;
using Mesh.Client;
using Mesh.Client.AspNetCore.Tests.Lifecycle;
using Mesh.Client.Registration;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Agent.Tests.Inbound;

/// <summary>An agent before one program, the service <c>inventory</c>.</summary>
internal static class InboundAgent
{
    /// <summary>Starts it.</summary>
    /// <param name="program">Where the program is.</param>
    /// <param name="registry">Where it is registered.</param>
    /// <param name="keys">More of the configuration.</param>
    /// <param name="outbound">The endpoints of <c>orders</c>.</param>
    public static Task<TestAgent> StartAsync(Uri program, FakeRegistrar? registry = null, (string Key, string Value)[]? keys = null, params Uri[] outbound) =>
        TestAgent.StartAsync(
            outbound,
            [
                ("Agent:Inbound:0:Service", "inventory"),
                ("Agent:Inbound:0:Listen", "http://127.0.0.1:0"),
                ("Agent:Inbound:0:Forward", program.GetLeftPart(UriPartial.Authority)),
                ("Agent:Inbound:0:HealthInterval", "00:00:00.100"),
                ("Agent:Inbound:0:Registration:DrainDelay", "00:00:00"),
                .. keys ?? [],
            ],
            mesh => Add(mesh, registry));

    private static void Add(IMeshBuilder mesh, FakeRegistrar? registry)
    {
        if (registry is not null)
        {
            mesh.Services.AddSingleton<IServiceRegistrar>(registry);
        }
    }
}
