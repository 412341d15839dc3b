using Mesh.Client;
using Mesh.Client.Consul;
using Mesh.Client.Consul.Api;
using Mesh.Client.Consul.Discovery;
using Mesh.Client.Consul.Policies;
using Mesh.Client.Consul.Registration;
using Mesh.Client.Options;
using Mesh.Client.Registration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Consul for the mesh.</summary>
public static class ConsulMeshBuilderExtensions
{
    /// <summary>Finds the endpoints of services in Consul, registers instances there, and reads policies from its KV store, as the section <c>Consul</c> under <c>Mesh</c> says. The source is called <c>Consul</c>. Calling it again adds code for the same source.</summary>
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
            builder.Services.AddSingleton(CreateClient);
            builder.Services.AddSingleton<IServiceRegistrar>(CreateRegistrar);
            builder.Services.AddSingleton(CreateDiscovery);
            builder.AddEndpointSource(static services => new ConsulEndpointSource(services.GetRequiredService<ConsulDiscovery>()));
            builder.AddPolicySource(static services => new ConsulPolicySource(
                services.GetRequiredService<ConsulDiscovery>(),
                () => services.GetRequiredService<MeshConfiguration>().Current.Discovery.EmptyGrace));
        }

        if (configure is not null)
        {
            section.Configure.Add(configure);
        }

        return builder;
    }

    // Sources are made before the configuration that they read: it knows their names.
    private static ConsulClient CreateClient(IServiceProvider services) => new(
        ConsulConnections.Create,
        () => (ConsulPolicy)services.GetRequiredService<MeshConfiguration>().Current.Added[ConsulSection.SectionName],
        MeshFactory.Clock(services));

    private static ConsulDiscovery CreateDiscovery(IServiceProvider services) => new(
        services.GetRequiredService<ConsulClient>(),
        MeshFactory.Clock(services),
        MeshFactory.RandomOf(services),
        MeshFactory.Logger(services, "Mesh.Client.Consul"));

    private static ConsulRegistrar CreateRegistrar(IServiceProvider services) => new(
        services.GetRequiredService<ConsulClient>(),
        MeshFactory.Clock(services),
        MeshFactory.RandomOf(services),
        MeshFactory.Logger(services, "Mesh.Client.Consul"));
}
