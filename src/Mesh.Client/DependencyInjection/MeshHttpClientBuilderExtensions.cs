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
        return builder.Configure(options =>
        {
            options.Attach = true;
            configure?.Invoke(options);
        });
    }

    /// <summary>Takes this client out of the mesh.</summary>
    /// <param name="builder">The client.</param>
    public static IHttpClientBuilder RemoveMesh(this IHttpClientBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Configure(static options => options.Attach = false);
    }

    // What ConfigureHttpClientDefaults says, whose builder has no name, comes before what single clients say, wherever it stands.
    private static IHttpClientBuilder Configure(this IHttpClientBuilder builder, Action<MeshClientOptions> configure)
    {
        if (builder.Name is null)
        {
            builder.Services.ConfigureAll(configure);
        }
        else
        {
            builder.Services.PostConfigure(builder.Name, configure);
        }

        return builder;
    }
}
