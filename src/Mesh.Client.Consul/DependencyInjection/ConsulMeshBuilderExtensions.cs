using Mesh.Client;
using Mesh.Client.Consul;
using Mesh.Client.Consul.Api;
using Mesh.Client.Consul.Discovery;
using Mesh.Client.Options;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Consul for the mesh.</summary>
public static class ConsulMeshBuilderExtensions
{
    /// <summary>Finds the endpoints of services in Consul, as the section <c>Consul</c> under <c>Mesh</c> says. The source is called <c>Consul</c>. Calling it again adds code for the same source.</summary>
    /// <param name="builder">The mesh.</param>
    /// <param name="configure">The options, applied after the configuration.</param>
    public static IMeshBuilder AddConsul(this IMeshBuilder builder, Action<ConsulOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        MeshSetup setup = MeshBuilder.FindSetup(builder.Services);
        ConsulSection? section = setup.Options.Sections.OfType<ConsulSection>().SingleOrDefault();
        if (section is null)
        {
            section = new ConsulSection();
            setup.Options.Sections.Add(section);
            setup.Sources.Add(static services => new ConsulEndpointSource(() => Create(services)));
        }

        if (configure is not null)
        {
            section.Configure.Add(configure);
        }

        return builder;
    }

    private static ConsulDiscovery Create(IServiceProvider services)
    {
        MeshConfiguration configuration = services.GetRequiredService<MeshConfiguration>();
        TimeProvider clock = MeshFactory.Clock(services);
        return new ConsulDiscovery(
            new ConsulClient(ConsulConnections.Create(Policy()), Policy, clock),
            clock,
            MeshFactory.RandomOf(services),
            services.GetRequiredService<ILoggerFactory>().CreateLogger("Mesh.Client.Consul"));

        ConsulPolicy Policy() => (ConsulPolicy)configuration.Current.Added[ConsulSection.SectionName];
    }
}
