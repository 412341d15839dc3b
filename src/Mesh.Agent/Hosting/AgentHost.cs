using System.Diagnostics.Metrics;
using System.Globalization;
using Mesh.Agent.Admin;
using Mesh.Agent.Admin.Registrations;
using Mesh.Agent.Commands;
using Mesh.Agent.Forwarding;
using Mesh.Agent.Inbound;
using Mesh.Agent.Listening;
using Mesh.Agent.Metrics;
using Mesh.Agent.Options;
using Mesh.Agent.Outbound;
using Mesh.Client;
using Mesh.Client.Http;
using Mesh.Client.Inbound;
using Mesh.Client.Options;
using Mesh.Client.Pipeline;
using Mesh.Client.Registration;
using Mesh.Client.Services;
using Mesh.Client.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace Mesh.Agent.Hosting;

/// <summary>Puts the agent together.</summary>
internal static class AgentHost
{
    private static readonly TimeSpan s_shutdown = TimeSpan.FromSeconds(30);

    /// <summary>Makes the host of the outbound and the admin listener; it is not started.</summary>
    /// <param name="configure">Adds the configuration.</param>
    /// <param name="logging">Adds where the log goes.</param>
    /// <param name="mesh">More of the mesh.</param>
    public static WebApplication Create(Action<ConfigurationManager> configure, Action<ILoggingBuilder> logging, Action<IMeshBuilder>? mesh = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "mesh-agent" });
        configure(builder.Configuration);
        logging(builder.Logging);

        // After it, so that the user has the last word.
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        AgentMesh.AddOutbound(builder.Services, builder.Configuration, mesh);
        builder.Services.AddHttpForwarder();
        builder.Services.AddSingleton(services => new AgentConfiguration(builder.Configuration, Logger(services)));
        AddAdmin(builder.Services);
        builder.Services.AddSingleton(CreateOutbound);
        builder.Services.AddSingleton(services => new InboundHosts(builder.Configuration, services.GetRequiredService<AgentConfiguration>(), services.GetRequiredService<ILoggerFactory>(), services.GetRequiredService<IMeterFactory>(), mesh));
        builder.Services.AddHostedService(static services => services.GetRequiredService<InboundHosts>());
        builder.Services.AddHostedService<AgentStart>();
        builder.Services.AddOptions<HostOptions>().Configure<AgentConfiguration>(SetShutdown);
        if (AgentConfiguration.Read(builder.Configuration) is { Admin: null, Outbound.IsEmpty: true })
        {
            builder.Services.AddSingleton<IServer, NoServer>();
        }
        else
        {
            KestrelListeners.UseServer(builder.WebHost).ConfigureKestrel(Listen);
        }

        WebApplication app = builder.Build();
        app.Run(static context => context.Features.GetRequiredFeature<AgentListener>().Handle(context));
        return app;
    }

    private static void AddAdmin(IServiceCollection services)
    {
        services.AddRoutingCore();
        services.AddSingleton<AdminEndpoints>();
        services.AddSingleton(static services => new RegistrationTable(
            new RegistrationTools(
                [.. services.GetServices<IServiceRegistrar>()],
                () => services.GetRequiredService<MeshConfiguration>().Current.Local,
                MeshFactory.Clock(services),
                MeshFactory.RandomOf(services),
                Logger(services)),
            Copy(services),
            services.GetRequiredService<AgentConfiguration>()));
        services.AddHostedService(static services => services.GetRequiredService<RegistrationTable>());
        services.AddSingleton(static services =>
        {
            IMeterFactory own = services.GetRequiredService<IMeterFactory>();
            return new MetricsCollector(meter => meter.Name == MeshTelemetry.MeterName ? ReferenceEquals(meter.Scope, own) : meter.Name == MetricsCollector.RuntimeMeter);
        });
        services.AddSingleton(static services => new MetricsEndpoint(services.GetRequiredService<MetricsCollector>(), AgentVersion.Text));
    }

    // Agents of one machine may share the folder; what tells them apart is where they listen.
    private static RegistrationCopy Copy(IServiceProvider services) => new(
        MeshFactory.Store(services),
        MeshFactory.CacheDirectory(services.GetRequiredService<MeshSetup>(), services.GetRequiredService<MeshConfiguration>()),
        services.GetRequiredService<AgentConfiguration>().Current.Admin is { } admin and not { Address: not null, Port: 0 } ? admin.ToString() : "");

    // The programs' listeners end first, each in its own time; then what the programs called is let end.
    private static void SetShutdown(HostOptions host, AgentConfiguration configuration)
    {
        // Programs behind a listener and programs that registered themselves leave side by side.
        host.ServicesStopConcurrently = true;
        host.ShutdownTimeout = new[] { host.ShutdownTimeout, configuration.Current.DrainDelay + s_shutdown }.Max();
        foreach (InboundPolicy inbound in configuration.Current.Inbound)
        {
            host.ShutdownTimeout = new[] { host.ShutdownTimeout, InboundHost.ShutdownTimeout(inbound) + s_shutdown }.Max();
        }
    }

    /// <summary>The log of the agent itself.</summary>
    public static ILogger Logger(IServiceProvider services) => services.GetRequiredService<ILoggerFactory>().CreateLogger("Mesh.Agent");

    private static void Listen(KestrelServerOptions kestrel)
    {
        IServiceProvider services = kestrel.ApplicationServices;
        AgentPolicy policy = services.GetRequiredService<AgentConfiguration>().Current;
        TimeProvider clock = MeshFactory.Clock(services);
        KestrelListeners.Prepare(kestrel, policy.MaxConnections);
        var outbound = new AgentListener(services.GetRequiredService<OutboundProxy>().InvokeAsync);
        foreach (ListenAddress address in policy.Outbound)
        {
            KestrelListeners.Listen(kestrel, address, outbound, clock);
        }

        if (policy.Admin is { } admin)
        {
            KestrelListeners.Listen(kestrel, admin, new AgentListener(AgentAdmin.Create(services)), clock);
        }
    }

    private static OutboundProxy CreateOutbound(IServiceProvider services)
    {
        var configuration = services.GetRequiredService<AgentConfiguration>();
        var inbound = services.GetRequiredService<InboundContext>();
        inbound.Serve();
        string hop = string.Create(CultureInfo.InvariantCulture, $"mesh-agent-{MeshFactory.RandomOf(services).NextInt64():x16}");
        var foreign = new ForeignHosts(() => configuration.Current, AgentMesh.CreateForeign());

        // Made here and not by IHttpClientFactory: what stands behind it is no transport for services, and a redirect is the program's to follow.
        var handler = new MeshHandler(
            services.GetRequiredService<MeshServices>(), services.GetRequiredService<MeshPipeline>(), foreign, isTransport: false, new CallerContext { FollowRedirects = false });
        TimeProvider clock = MeshFactory.Clock(services);
        var forwarder = new Forwarder(services.GetRequiredService<IHttpForwarder>(), new CalmInvoker(handler, clock), clock, Logger(services));
        return new OutboundProxy(forwarder, inbound, hop, clock);
    }
}
