using Mesh.Client.Http;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The mesh on single HTTP clients.</summary>
public static class MeshHttpClientBuilderExtensions
{
    /// <summary>Attaches the mesh to this client, also where <c>Mesh:AttachToAllClients</c> is false, with settings of its own.</summary>
    /// <param name="builder">The client.</param>
    /// <param name="configure">What this client sets for itself.</param>
    public static IHttpClientBuilder AddMesh(this IHttpClientBuilder builder, Action<MeshClientOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddMesh();
        builder.Services.Configure<MeshClientOptions>(builder.Name, options =>
        {
            options.Attach = true;
            configure?.Invoke(options);
        });
        return builder;
    }

    /// <summary>Takes this client out of the mesh.</summary>
    /// <param name="builder">The client.</param>
    public static IHttpClientBuilder RemoveMesh(this IHttpClientBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Configure<MeshClientOptions>(builder.Name, static options => options.Attach = false);
        return builder;
    }
}
