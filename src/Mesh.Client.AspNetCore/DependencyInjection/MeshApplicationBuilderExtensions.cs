using Mesh.Client.AspNetCore.Receiving;
using Mesh.Client.Options;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>The receiving side of the mesh.</summary>
public static class MeshApplicationBuilderExtensions
{
    private const string Mark = "Mesh.Client.UseMesh";

    /// <summary>
    /// Puts the receiving side of the mesh in front of what follows: it says who calls, refuses work whose deadline has passed, holds requests against <c>Server:Access</c>, and
    /// hands deadline, lane and caller on to the calls that the application makes. Call it first, before routing and authentication; calling it again changes nothing.
    /// </summary>
    /// <param name="app">The application; <c>services.AddMesh(…)</c> must be called too.</param>
    public static IApplicationBuilder UseMesh(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        if (!app.Properties.TryAdd(Mark, true))
        {
            return app;
        }

        if (app.ApplicationServices.GetService<MeshConfiguration>() is null)
        {
            throw new InvalidOperationException("UseMesh() has no mesh to use: call services.AddMesh(…) first.");
        }

        var receiver = new MeshReceiver(app.ApplicationServices);
        receiver.Inbound.Serve();
        return app.Use(next => new MeshMiddleware(next, receiver).InvokeAsync);
    }
}
