using Mesh.Client.AspNetCore.Admin.Access;
using Mesh.Client.AspNetCore.Admin.Dashboard;
using Mesh.Client.AspNetCore.Admin.Feed;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Mesh.Client.AspNetCore.Admin;

/// <summary>The routes beneath <c>MapMesh</c>.</summary>
/// <param name="services">The application's services.</param>
/// <param name="options">What the application allows.</param>
internal sealed class AdminSite(IServiceProvider services, MeshAdminOptions options)
{
    private const string Isolation = "/api/services/{service}/endpoints/{endpoint}/isolation";

    private readonly AdminGate _gate = new(options);

    public IEndpointConventionBuilder Map(RouteGroupBuilder group)
    {
        var api = new AdminApi(services, options);
        var commands = new AdminCommands(services);
        var feed = new AdminFeed(services, services.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? CancellationToken.None);
        Read("/api", api.ProcessAsync);
        Read("/api/services", api.ServicesAsync);
        Read("/api/services/{service}", api.ServiceAsync);
        Read("/api/services/{service}/policy", api.PolicyAsync);
        Read("/api/overlays", api.OverlaysAsync);
        Read("/api/server", api.ServerAsync);
        Read("/api/sources", api.SourcesAsync);
        Read("/api/events", api.EventsAsync);
        Read("/api/explain", new AdminExplain(services).ExplainAsync);
        Read("/api/stream", new FeedReader(feed).RunAsync);
        Read("/api/openapi.json", AdminFiles.OpenApiAsync);
        Route(Isolation, AdminRequestKind.Change, commands.IsolateAsync, HttpMethods.Put);
        Route(Isolation, AdminRequestKind.Change, commands.ReleaseAsync, HttpMethods.Delete);
        if (options.Dashboard)
        {
            Route("/", AdminRequestKind.Page, AdminFiles.PageAsync, HttpMethods.Get, HttpMethods.Head);
            Route("/assets/{file}", AdminRequestKind.Page, AdminFiles.AssetAsync, HttpMethods.Get, HttpMethods.Head);
        }

        group.WithMetadata(AdminMetadata.Instance).ExcludeFromDescription();
        return group;

        void Read(string pattern, RequestDelegate handler) => Route(pattern, AdminRequestKind.Read, handler, HttpMethods.Get, HttpMethods.Head);

        void Route(string pattern, AdminRequestKind kind, RequestDelegate handler, params string[] methods) =>
            group.MapMethods(pattern, methods, Guarded.By(_gate, kind, handler)).WithDisplayName($"Mesh admin {methods[0]} {pattern}");
    }
}
