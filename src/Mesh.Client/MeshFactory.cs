using Mesh.Client.Discovery;
using Mesh.Client.Discovery.Cache;
using Mesh.Client.Health;
using Mesh.Client.Http;
using Mesh.Client.Inbound;
using Mesh.Client.Limits.Quotas;
using Mesh.Client.Options;
using Mesh.Client.Policies;
using Mesh.Client.Services;
using Mesh.Client.Telemetry;
using Mesh.Client.Telemetry.Metrics;
using Mesh.Client.Telemetry.Tracing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mesh.Client;

/// <summary>Puts the engine together from the setup and the application's services.</summary>
internal static class MeshFactory
{
    public static MeshConfiguration CreateConfiguration(IServiceProvider services)
    {
        MeshSetup setup = services.GetRequiredService<MeshSetup>();
        setup.Options.Instance = $"{Environment.MachineName}-{RandomOf(services).NextInt64():x16}";
        var configuration = new MeshConfiguration(
            setup.Options,
            services.GetService<IConfiguration>(),
            [.. services.GetRequiredService<AddedSources>().All.Select(static s => s.Name), ConfigurationEndpointSource.SourceName, DnsEndpointSource.SourceName],
            Clock(services),
            Logger(services, typeof(MeshConfiguration).FullName!));
        services.GetRequiredService<PolicyWatches>().Start(
            setup.PolicySources.Select(create => (Func<IPolicySource>)(() => create(services))),
            configuration,
            number => new PolicyCopy(Store(services), CacheDirectory(setup, configuration), number),
            Clock(services),
            RandomOf(services),
            Logger(services));
        return configuration;
    }

    public static FleetQuotas CreateQuotas(IServiceProvider services) => new(() => services.GetService<IQuotaStore>(), Clock(services), RandomOf(services));

    public static MeshEngine CreateEngine(IServiceProvider services)
    {
        MeshSetup setup = services.GetRequiredService<MeshSetup>();
        MeshConfiguration configuration = services.GetRequiredService<MeshConfiguration>();
        TimeProvider clock = Clock(services);
        List<IEndpointSource> sources =
        [
            .. services.GetRequiredService<AddedSources>().All,
            new ConfigurationEndpointSource(configuration),
            new DnsEndpointSource(configuration, services.GetService<IHostResolver>() ?? new SystemHostResolver(), clock),
        ];
        Random random = RandomOf(services);
        ILogger logger = Logger(services);
        FleetQuotas quotas = services.GetRequiredService<FleetQuotas>();
        quotas.Connect();
        InboundContext inbound = services.GetRequiredService<InboundContext>();
        return new MeshEngine(
            configuration,
            sources,
            setup.Balancers,
            setup.Classifier ?? new DefaultOutcomeClassifier(),
            setup.Transport is { } create ? (endpoint, _) => create(endpoint) : (endpoint, policy) => NodeTransport.Create(endpoint, policy, inbound),
            new EndpointCache(Store(services), CacheDirectory(setup, configuration), clock, logger),
            clock,
            random,
            logger,
            services.GetRequiredService<MeshMetrics>())
        {
            Inbound = inbound,
            Quotas = quotas,
            AccessLogger = services.GetRequiredService<ILoggerFactory>().CreateLogger(AccessLog.Category),
            Tracing = services.GetRequiredService<MeshTracing>(),
            Dial = setup.Dial ?? (setup.Transport is null ? NodeTransport.DialAsync : null),
        };
    }

    internal static CacheStore Store(IServiceProvider services) =>
        new(services.GetService<ICacheDisk>() ?? new SystemCacheDisk(), Clock(services), RandomOf(services), Logger(services));

    internal static Func<string> CacheDirectory(MeshSetup setup, MeshConfiguration configuration)
    {
        string byDefault = setup.DefaultCacheDirectory ?? CacheFolder.OfThisApplication();
        return () => configuration.Current.Discovery.CacheDirectory ?? byDefault;
    }

    internal static TimeProvider Clock(IServiceProvider services) =>
        services.GetRequiredService<MeshSetup>().TimeProvider ?? services.GetService<TimeProvider>() ?? TimeProvider.System;

    /// <summary>A log of the mesh, what matters of which is kept among the recent events.</summary>
    internal static ILogger Logger(IServiceProvider services, string category = "Mesh.Client") =>
        new EventLogger(services.GetRequiredService<ILoggerFactory>().CreateLogger(category), services.GetRequiredService<RecentEvents>(), Clock(services));

    internal static Random RandomOf(IServiceProvider services) => services.GetRequiredService<MeshSetup>().Random ?? SystemRandom();

#pragma warning disable RS0030 // The one place where the system's randomness enters.
    private static Random SystemRandom() => Random.Shared;
#pragma warning restore RS0030
}
