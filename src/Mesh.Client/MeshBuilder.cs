using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client;

/// <summary>The builder over a service collection, where the mesh's setup lives.</summary>
internal sealed class MeshBuilder(IServiceCollection services, MeshSetup setup) : IMeshBuilder
{
    public IServiceCollection Services => services;

    public MeshSetup Setup => setup;

    /// <summary>The setup of the mesh in a collection; where there is none yet, one is made and the engine added.</summary>
    public static MeshSetup FindOrAddSetup(IServiceCollection services, Action<IServiceCollection> addEngine)
    {
        if (TryFind(services) is { } found)
        {
            return found;
        }

        var setup = new MeshSetup();
        services.AddSingleton(setup);
        addEngine(services);
        return setup;
    }

    /// <summary>The setup of the mesh in a collection.</summary>
    /// <exception cref="InvalidOperationException"><c>AddMesh</c> was not called on it.</exception>
    public static MeshSetup FindSetup(IServiceCollection services) =>
        TryFind(services) ?? throw new InvalidOperationException("This service collection has no mesh yet: call services.AddMesh() first.");

    private static MeshSetup? TryFind(IServiceCollection services) =>
        services.FirstOrDefault(static d => d.ServiceType == typeof(MeshSetup))?.ImplementationInstance as MeshSetup;
}
