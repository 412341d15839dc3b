using Mesh.Agent.Admin.Registrations;
using Mesh.Agent.Admin.Services;
using Mesh.Agent.Metrics;
using Mesh.Agent.Options;
using Mesh.Client;
using Mesh.Client.AspNetCore;
using Mesh.Client.Options;
using Mesh.Client.Services;
using Mesh.Client.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Mesh.Agent.Admin;

/// <summary>What the admin listener serves. It has a pipeline of its own: nothing of it can be reached at another listener.</summary>
internal static class AgentAdmin
{
    /// <summary>Makes the pipeline.</summary>
    /// <param name="services">The agent's services.</param>
    public static RequestDelegate Create(IServiceProvider services)
    {
        AgentPolicy policy = services.GetRequiredService<AgentConfiguration>().Current;
        var app = new ApplicationBuilder(services);
        app.UseRouting();
        app.UseEndpoints(endpoints => Map(endpoints, services, new MeshAdminOptions { AllowRemote = policy.RemoteAdmin }));
        app.Run(services.GetRequiredService<AdminEndpoints>().InvokeAsync);
        return app.Build();
    }

    private static void Map(IEndpointRouteBuilder endpoints, IServiceProvider services, MeshAdminOptions options)
    {
        endpoints.MapMesh("/mesh", mesh => mesh.AllowRemote = options.AllowRemote);
        var gate = new ChangeGate(options);
        TimeProvider clock = MeshFactory.Clock(services);
        var registrations = new RegistrationApi(services.GetRequiredService<RegistrationTable>(), clock);
        Get("/v1/registrations", registrations.ListAsync);
        Get("/v1/registrations/{id}", registrations.FindAsync);
        Map("/v1/registrations/{id}", gate.Change(registrations.PutAsync), HttpMethods.Put);
        Map("/v1/registrations/{id}", gate.Change(registrations.DeleteAsync), HttpMethods.Delete);

        var stream = new EndpointsStream(services.GetRequiredService<RecentEvents>(), clock, services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        var listed = new ServicesApi(services.GetRequiredService<MeshServices>(), services.GetRequiredService<MeshConfiguration>(), stream);
        Get("/v1/services", listed.ListAsync);
        Get("/v1/services/{name}/endpoints", listed.EndpointsAsync);
        Get("/metrics", services.GetRequiredService<MetricsEndpoint>().InvokeAsync);

        void Get(string pattern, RequestDelegate handler) => Map(pattern, gate.Read(handler), HttpMethods.Get, HttpMethods.Head);

        void Map(string pattern, RequestDelegate handler, params string[] methods) => endpoints.MapMethods(pattern, methods, handler).WithDisplayName($"Agent {methods[0]} {pattern}");
    }
}
