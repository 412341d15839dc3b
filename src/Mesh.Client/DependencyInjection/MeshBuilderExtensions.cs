using Mesh.Client;
using Mesh.Client.Balancing;
using Mesh.Client.Discovery;
using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>What can be added to the mesh in code. Code counts more than configuration.</summary>
public static class MeshBuilderExtensions
{
    /// <summary>Names a service, so that its host belongs to the mesh, and configures it.</summary>
    /// <param name="builder">The mesh.</param>
    /// <param name="name">The logical name, the host of the URIs that callers use.</param>
    /// <param name="configure">Its options, applied after the configuration.</param>
    public static IMeshBuilder AddService(this IMeshBuilder builder, string name, Action<ServiceOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Add(builder, setup => setup.Options.ConfigureServices.Add(new(name, configure ?? (static _ => { }))));
    }

    /// <summary>Configures all services, before the configuration of single ones.</summary>
    /// <param name="builder">The mesh.</param>
    /// <param name="configure">The options that all services begin with.</param>
    public static IMeshBuilder ConfigureDefaults(this IMeshBuilder builder, Action<ServiceOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Add(builder, setup => setup.Options.ConfigureDefaults.Add(configure));
    }

    /// <summary>Says who and where this process is.</summary>
    /// <param name="builder">The mesh.</param>
    /// <param name="configure">The options, applied after the configuration.</param>
    public static IMeshBuilder ConfigureLocal(this IMeshBuilder builder, Action<LocalOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Add(builder, setup => setup.Options.ConfigureLocal.Add(configure));
    }

    /// <summary>Configures where endpoints come from.</summary>
    /// <param name="builder">The mesh.</param>
    /// <param name="configure">The options, applied after the configuration.</param>
    public static IMeshBuilder ConfigureDiscovery(this IMeshBuilder builder, Action<DiscoveryOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Add(builder, setup => setup.Options.ConfigureDiscovery.Add(configure));
    }

    /// <summary>Configures what this process receives, where its pipeline has <c>UseMesh()</c>.</summary>
    /// <param name="builder">The mesh.</param>
    /// <param name="configure">The options, applied after the configuration.</param>
    public static IMeshBuilder ConfigureServer(this IMeshBuilder builder, Action<ServerOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Add(builder, setup => setup.Options.ConfigureServer.Add(configure));
    }

    /// <summary>Adds a source of endpoints. Without <c>Discovery:Sources</c>, added sources are asked before <c>Configuration</c> and <c>Dns</c>.</summary>
    /// <param name="builder">The mesh.</param>
    /// <param name="source">The source.</param>
    public static IMeshBuilder AddEndpointSource(this IMeshBuilder builder, IEndpointSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return builder.AddEndpointSource(_ => source);
    }

    /// <summary>Adds a source of endpoints that needs other services.</summary>
    /// <param name="builder">The mesh.</param>
    /// <param name="create">Makes the source, once.</param>
    public static IMeshBuilder AddEndpointSource(this IMeshBuilder builder, Func<IServiceProvider, IEndpointSource> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        return Add(builder, setup => setup.Sources.Add(create));
    }

    /// <summary>Adds a source of policies: JSON documents over the configuration and beneath code, that set nothing but <c>Defaults</c> and <c>Services</c>. Of several the one added last counts most.</summary>
    /// <param name="builder">The mesh.</param>
    /// <param name="source">The source.</param>
    public static IMeshBuilder AddPolicySource(this IMeshBuilder builder, IPolicySource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return builder.AddPolicySource(_ => source);
    }

    /// <summary>Adds a source of policies that needs other services.</summary>
    /// <param name="builder">The mesh.</param>
    /// <param name="create">Makes the source, once, in the background.</param>
    public static IMeshBuilder AddPolicySource(this IMeshBuilder builder, Func<IServiceProvider, IPolicySource> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        return Add(builder, setup => setup.PolicySources.Add(create));
    }

    /// <summary>Adds a balancer, to be named by <c>LoadBalancing:Policy</c>.</summary>
    /// <param name="builder">The mesh.</param>
    /// <param name="balancer">The balancer.</param>
    public static IMeshBuilder AddLoadBalancer(this IMeshBuilder builder, LoadBalancer balancer)
    {
        ArgumentNullException.ThrowIfNull(balancer);
        return Add(builder, setup =>
        {
            setup.Balancers.Add(balancer);
            setup.Options.Balancers.Add(balancer.Name);
        });
    }

    /// <summary>Replaces the rules by which attempts are judged.</summary>
    /// <param name="builder">The mesh.</param>
    /// <param name="classifier">The rules.</param>
    public static IMeshBuilder UseOutcomeClassifier(this IMeshBuilder builder, OutcomeClassifier classifier)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        return Add(builder, setup => setup.Classifier = classifier);
    }

    /// <summary>Replaces the connections to endpoints, for tests and for transports of other kinds.</summary>
    /// <param name="builder">The mesh.</param>
    /// <param name="create">Makes the handler of an endpoint, once for each; the mesh disposes it when the endpoint leaves.</param>
    public static IMeshBuilder UseTransport(this IMeshBuilder builder, Func<MeshEndpoint, HttpMessageHandler> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        return Add(builder, setup => setup.Transport = create);
    }

    /// <summary>Replaces the clock; by default the <see cref="TimeProvider"/> among the application's services, otherwise the system's.</summary>
    /// <param name="builder">The mesh.</param>
    /// <param name="timeProvider">The clock.</param>
    public static IMeshBuilder UseTimeProvider(this IMeshBuilder builder, TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(timeProvider);
        return Add(builder, setup => setup.TimeProvider = timeProvider);
    }

    /// <summary>Replaces the source of randomness, which must be safe for many threads; by default the system's.</summary>
    /// <param name="builder">The mesh.</param>
    /// <param name="random">The source.</param>
    public static IMeshBuilder UseRandom(this IMeshBuilder builder, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return Add(builder, setup => setup.Random = random);
    }

    private static IMeshBuilder Add(IMeshBuilder builder, Action<MeshSetup> add)
    {
        ArgumentNullException.ThrowIfNull(builder);
        add(MeshBuilder.FindSetup(builder.Services));
        return builder;
    }
}
