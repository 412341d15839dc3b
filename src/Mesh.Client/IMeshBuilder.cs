using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client;

/// <summary>What <c>AddMesh</c> hands out to add sources, services and extensions.</summary>
public interface IMeshBuilder
{
    /// <summary>The collection that the mesh is registered in.</summary>
    IServiceCollection Services { get; }
}
