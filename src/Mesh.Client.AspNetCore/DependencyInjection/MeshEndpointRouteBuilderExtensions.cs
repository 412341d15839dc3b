using Mesh.Client.AspNetCore;
using Mesh.Client.AspNetCore.Admin;
using Mesh.Client.Services;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>The admin API and the dashboard of the mesh.</summary>
public static class MeshEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps the admin API and the dashboard: what the mesh of this process knows, and an operator's hand on single endpoints. Callers on this machine only, unless <paramref name="configure"/> says
    /// otherwise.
    /// </summary>
    /// <param name="endpoints">The application; <c>services.AddMesh(…)</c> must be called too.</param>
    /// <param name="pattern">Where; the API is beneath <c>api</c> there, described by <c>api/openapi.json</c>.</param>
    /// <param name="configure">The options.</param>
    /// <returns>All of its endpoints, for <c>RequireAuthorization()</c> and the like.</returns>
    public static IEndpointConventionBuilder MapMesh(this IEndpointRouteBuilder endpoints, string pattern = "/mesh", Action<MeshAdminOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        if (endpoints.ServiceProvider.GetService<IMeshStatus>() is null)
        {
            throw new InvalidOperationException("MapMesh() has no mesh to show: call services.AddMesh(…) first.");
        }

        var options = new MeshAdminOptions();
        configure?.Invoke(options);
        return new AdminSite(endpoints.ServiceProvider, options).Map(endpoints.MapGroup(pattern));
    }
}
