using System.Diagnostics.Metrics;
using Mesh.Agent.Forwarding;
using Mesh.Agent.Hosting;
using Mesh.Agent.Listening;
using Mesh.Agent.Options;
using Mesh.Client;
using Mesh.Client.Options;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Forwarder;

namespace Mesh.Agent.Inbound;

/// <summary>
/// One local program as an instance of its service. It is an application of the library of its own: <c>UseMesh()</c> receives, <c>AddRegistration()</c> registers and drains, and what would be the application is
/// the way to the program.
/// </summary>
internal static class InboundHost
{
    // After the drain, for the requests that are still under way.
    private static readonly TimeSpan s_shutdown = TimeSpan.FromSeconds(30);

    /// <summary>How long the stop of a program's listener may take.</summary>
    public static TimeSpan ShutdownTimeout(InboundPolicy inbound) => inbound.Registration.DrainDelay + s_shutdown;

    /// <summary>Makes the host; it is not started.</summary>
    /// <param name="agent">The configuration of the agent.</param>
    /// <param name="inbound">The program.</param>
    /// <param name="maxConnections">How many connections its listener takes.</param>
    /// <param name="loggers">The log.</param>
    /// <param name="meters">Makes the meters, so that the figures of all hosts are told together.</param>
    /// <param name="more">More of the mesh.</param>
    public static WebApplication Create(IConfigurationRoot agent, InboundPolicy inbound, int maxConnections, ILoggerFactory loggers, IMeterFactory meters, Action<IMeshBuilder>? more)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "mesh-agent" });
        var overlay = new InboundOverlay(agent, inbound.Key);
        ((IConfigurationBuilder)builder.Configuration).Add(new ChainedConfigurationSource { Configuration = agent, ShouldDisposeConfiguration = false });
        ((IConfigurationBuilder)builder.Configuration).Add(overlay);
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton(meters);
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout(inbound));
        builder.Services.AddHttpForwarder();
        var program = new ProgramState(overlay.Refresh);
        builder.Services.AddHostedService(services => new ProgramHealth(inbound, program, MeshFactory.Clock(services), MeshFactory.RandomOf(services), loggers.CreateLogger("Mesh.Agent")));
        AddMesh(builder, inbound, program, more);
        KestrelListeners.UseServer(builder.WebHost).ConfigureKestrel(kestrel =>
        {
            KestrelListeners.Prepare(kestrel, maxConnections);
            KestrelListeners.Listen(kestrel, inbound.Listen, listener: null, MeshFactory.Clock(kestrel.ApplicationServices));
        });

        WebApplication app = builder.Build();
        IDisposable changes = ChangeToken.OnChange(agent.GetReloadToken, overlay.Refresh);
        app.Lifetime.ApplicationStopped.Register(changes.Dispose);
        app.UseMesh();
        app.Run(Proxy(app.Services, inbound).InvokeAsync);
        return app;
    }

    private static void AddMesh(WebApplicationBuilder builder, InboundPolicy inbound, ProgramState program, Action<IMeshBuilder>? more)
    {
        AgentMesh.Add(builder.Services, builder.Configuration, mesh =>
        {
            mesh.ConfigureLocal(local =>
            {
                local.Service = inbound.Service;
                foreach ((string name, string value) in inbound.Labels)
                {
                    local.Labels[name] = value;
                }
            });
            mesh.AddRegistration(registration =>
            {
                registration.Service = inbound.Service;
                registration.Enabled &= program.IsWell;
            });
            more?.Invoke(mesh);
        });

        // What comes from outside is about calls, which this host does not make.
        MeshBuilder.FindSetup(builder.Services).PolicySources.Clear();
    }

    private static InboundProxy Proxy(IServiceProvider services, InboundPolicy inbound)
    {
        TimeProvider clock = MeshFactory.Clock(services);
        var invoker = new CalmInvoker(ProgramConnections.Create(inbound.Forward), clock);
        var forwarder = new Forwarder(services.GetRequiredService<IHttpForwarder>(), invoker, clock, services.GetRequiredService<ILoggerFactory>().CreateLogger("Mesh.Agent"));
        return new InboundProxy(forwarder, "http://program", services.GetRequiredService<MeshConfiguration>());
    }
}
