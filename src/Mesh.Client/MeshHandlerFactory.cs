using Mesh.Client.Http;
using Mesh.Client.Pipeline;
using Mesh.Client.Services;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client;

/// <summary>The mesh without a host or a service collection.</summary>
public static class MeshHandlerFactory
{
    /// <summary>Makes a handler with a mesh of its own: <c>new HttpClient(MeshHandlerFactory.Create(mesh => …))</c>. Keep one for the life of the process.</summary>
    /// <param name="configure">Adds sources, services and extensions.</param>
    /// <param name="primary">Carries the calls to hosts outside of the mesh; by default a new <see cref="SocketsHttpHandler"/>. Disposed with the handler.</param>
    /// <returns>The handler; disposing it ends the mesh.</returns>
    public static HttpMessageHandler Create(Action<IMeshBuilder>? configure = null, HttpMessageHandler? primary = null)
    {
        ServiceProvider services = new ServiceCollection().AddMesh(configure).BuildServiceProvider();
        primary ??= new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(2) };
        var caller = new CallerContext { FollowRedirects = PrimaryHandlers.FollowsRedirects(primary) };
        return new MeshHandler(
            services.GetRequiredService<MeshServices>(),
            services.GetRequiredService<MeshPipeline>(),
            primary,
            PrimaryHandlers.IsReplaced(primary),
            caller,
            services);
    }
}
