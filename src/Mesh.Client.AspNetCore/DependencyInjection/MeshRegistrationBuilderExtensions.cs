using Mesh.Client;
using Mesh.Client.AspNetCore;
using Mesh.Client.AspNetCore.Draining;
using Mesh.Client.AspNetCore.Lifecycle;
using Mesh.Client.Options;
using Mesh.Client.Registration;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>This application as an instance of a service.</summary>
public static class MeshRegistrationBuilderExtensions
{
    /// <summary>
    /// Registers this process as an instance of its service, in every registry that was added, once its server listens and its health checks pass; and takes it out
    /// when it stops, while it serves on for a while. As the section <c>Registration</c> under <c>Mesh</c> says. Adds the health check <c>mesh-instance</c> with the tag
    /// <c>ready</c>. Calling it again adds code for the same registration.
    /// </summary>
    /// <param name="builder">The mesh.</param>
    /// <param name="configure">The options, applied after the configuration.</param>
    public static IMeshBuilder AddRegistration(this IMeshBuilder builder, Action<RegistrationOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        MeshSetup setup = MeshBuilder.FindSetup(builder.Services);
        RegistrationSection? section = setup.Options.Sections.OfType<RegistrationSection>().SingleOrDefault();
        if (section is null)
        {
            section = new RegistrationSection();
            setup.Options.Sections.Add(section);
            AddLifecycle(builder.Services);
        }

        if (configure is not null)
        {
            section.Configure.Add(configure);
        }

        return builder;
    }

    private static void AddLifecycle(IServiceCollection services)
    {
        services.AddSingleton<InstanceState>();
        services.AddHealthChecks().AddCheck<InstanceHealthCheck>(InstanceHealthCheck.Name, failureStatus: null, tags: ["ready"]);
        services.AddHostedService(CreateLifecycle);

        // The first filter stands outermost, those of the host included.
        services.Insert(0, ServiceDescriptor.Singleton<IStartupFilter, DrainStartupFilter>());
    }

    private static InstanceLifecycle CreateLifecycle(IServiceProvider services)
    {
        TimeProvider clock = MeshFactory.Clock(services);
        ILogger logger = MeshFactory.Logger(services, "Mesh.Client.AspNetCore");
        var configuration = services.GetRequiredService<MeshConfiguration>();
        var gate = new HealthGate(services.GetRequiredService<HealthCheckService>(), services.GetRequiredService<IOptions<HealthCheckServiceOptions>>(), clock, logger);
        return new InstanceLifecycle(
            services.GetRequiredService<InstanceState>(),
            new RegistrationFeed(configuration),
            new InstanceRegistration(
                [.. services.GetServices<IServiceRegistrar>()],
                services.GetService<IServer>,
                gate,
                services.GetRequiredService<MeshSetup>().Options.Instance,
                clock,
                MeshFactory.RandomOf(services),
                logger),
            services.GetRequiredService<IHostApplicationLifetime>(),
            services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout,
            clock,
            logger);
    }
}
