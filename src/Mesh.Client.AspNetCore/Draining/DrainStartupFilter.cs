using Mesh.Client.AspNetCore.Lifecycle;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Mesh.Client.AspNetCore.Draining;

/// <summary>Puts the end of connections outside of everything else that the application does with a request.</summary>
internal sealed class DrainStartupFilter(InstanceState state) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(inner => context =>
        {
            if (state.IsDraining)
            {
                ConnectionEnd.Request(context);
            }

            return inner(context);
        });
        next(app);
    };
}
