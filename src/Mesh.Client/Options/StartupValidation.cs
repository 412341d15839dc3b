using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Mesh.Client.Options;

/// <summary>Makes a host that starts read the mesh's configuration, so that a bad one fails the start and not the first call.</summary>
internal sealed class StartupValidation
{
    /// <summary>Registers the check; more than once is the same as once.</summary>
    /// <param name="services">The collection that <see cref="MeshConfiguration"/> is registered in.</param>
    internal static void AddStartupValidation(IServiceCollection services)
    {
        if (services.All(static d => d.ServiceType != typeof(IConfigureOptions<StartupValidation>)))
        {
            // By way of the provider, so that the configuration is made when the check runs and not when it is looked up.
            services.AddOptions<StartupValidation>()
                .Configure<IServiceProvider>(static (_, provider) => provider.GetRequiredService<MeshConfiguration>())
                .ValidateOnStart();
        }
    }
}
