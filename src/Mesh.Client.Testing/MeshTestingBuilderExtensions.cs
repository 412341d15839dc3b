using Mesh.Client;
using Mesh.Client.Registration;
using Mesh.Client.Testing;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts the test doubles of <c>Mesh.Client.Testing</c> into a mesh.</summary>
public static class MeshTestingBuilderExtensions
{
    /// <summary>
    /// Lets the mesh find services in a registry that the test fills, and instances register in it. Nothing is kept on disk between tests, unless <c>Discovery:CacheDirectory</c> names
    /// a folder.
    /// </summary>
    /// <param name="mesh">The builder.</param>
    /// <param name="registry">The registry.</param>
    /// <returns>The builder.</returns>
    public static IMeshBuilder AddInMemoryRegistry(this IMeshBuilder mesh, InMemoryRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(mesh);
        ArgumentNullException.ThrowIfNull(registry);
        MeshBuilder.FindSetup(mesh.Services).DefaultCacheDirectory ??= "";
        mesh.Services.AddSingleton<IServiceRegistrar>(registry);
        return mesh.AddEndpointSource(registry);
    }

    /// <summary>Sends the mesh's calls to scripted endpoints instead of real connections.</summary>
    /// <param name="mesh">The builder.</param>
    /// <param name="transport">The scripted endpoints.</param>
    /// <returns>The builder.</returns>
    public static IMeshBuilder UseScriptedTransport(this IMeshBuilder mesh, ScriptedTransport transport)
    {
        ArgumentNullException.ThrowIfNull(mesh);
        ArgumentNullException.ThrowIfNull(transport);
        return mesh.UseTransport(transport.CreateHandler);
    }
}
