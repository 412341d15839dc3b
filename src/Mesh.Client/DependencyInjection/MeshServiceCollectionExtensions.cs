using System.Diagnostics.Metrics;
using Mesh.Client;
using Mesh.Client.Explaining;
using Mesh.Client.Http;
using Mesh.Client.Inbound;
using Mesh.Client.Options;
using Mesh.Client.Pipeline;
using Mesh.Client.Policies;
using Mesh.Client.Services;
using Mesh.Client.Telemetry;
using Mesh.Client.Telemetry.Metrics;
using Mesh.Client.Telemetry.Tracing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Wires the mesh into an application.</summary>
public static class MeshServiceCollectionExtensions
{
    /// <summary>
    /// Adds the mesh and attaches it to every client of <see cref="IHttpClientFactory"/>. With no configuration at all, services are found in
    /// .NET Aspire's <c>services</c> section and in DNS. Calling it again adds to the same mesh.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Adds sources, services and extensions.</param>
    public static IServiceCollection AddMesh(this IServiceCollection services, Action<IMeshBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        MeshSetup setup = MeshBuilder.FindOrAddSetup(services, AddEngine);
        configure?.Invoke(new MeshBuilder(services, setup));
        return services;
    }

    /// <summary>Adds the mesh with a configuration section, which is followed when it changes.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="section">The section, by custom <c>Mesh</c>. A bad one fails the start with one error that lists everything wrong with it.</param>
    /// <param name="configure">Adds sources, services and extensions.</param>
    public static IServiceCollection AddMesh(this IServiceCollection services, IConfiguration section, Action<IMeshBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(section);
        MeshBuilder.FindOrAddSetup(services, AddEngine).Options.Section = section;
        return services.AddMesh(configure);
    }

    private static void AddEngine(IServiceCollection services)
    {
        services.AddHttpClient();
        services.AddLogging();
        services.AddOptions();
        StartupValidation.AddStartupValidation(services);
        services.TryAddSingleton<RecentEvents>();
        services.TryAddSingleton<ServerReport>();
        services.TryAddSingleton<AddedSources>();
        services.TryAddSingleton<PolicyWatches>();
        services.TryAddSingleton(MeshFactory.CreateConfiguration);
        services.TryAddSingleton(MeshFactory.CreateEngine);
        services.TryAddSingleton<InboundContext>();
        services.TryAddSingleton(static s => new MeshMetrics(s.GetService<IMeterFactory>()));
        services.TryAddSingleton<MeshTracing>();
        services.AddMetrics();
        services.TryAddSingleton(MeshFactory.CreateQuotas);
        services.TryAddSingleton<MeshServices>();
        services.TryAddSingleton<MeshPipeline>();
        services.TryAddSingleton<IMeshStatus, MeshStatus>();
        services.TryAddSingleton<IMeshExplain, MeshExplain>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHttpMessageHandlerBuilderFilter, MeshHandlerFilter>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<HttpClientFactoryOptions>, MeshHandlerLifetime>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<MeshClientOptions>, MeshClientValidator>());
    }
}
