using System.Net;
using System.Text;
using Mesh.Agent.Options;
using Mesh.Client;
using Mesh.Client.Discovery;
using Mesh.Client.Options;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mesh.Agent.Hosting;

/// <summary>The mesh of the agent: what the section <c>Mesh</c> says, with those packages whose section stands there.</summary>
internal static class AgentMesh
{
    /// <summary>Adds the mesh.</summary>
    public static void Add(IServiceCollection services, IConfiguration configuration, Action<IMeshBuilder>? more)
    {
        IConfigurationSection section = configuration.GetSection(nameof(Mesh));
        services.AddMesh(section, mesh =>
        {
            if (section.GetSection("Consul").Exists())
            {
                mesh.AddConsul();
            }

            if (section.GetSection("Redis").Exists())
            {
                mesh.AddRedisQuota();
            }

            // What a program sent goes on as it is, headers with bytes beyond ASCII too.
            mesh.ConfigureDefaults(static options => options.Transport.ConfigureHandler += static (_, handler) =>
            {
                handler.RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1;
                handler.ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1;
                handler.ActivityHeadersPropagator = null;
            });
            more?.Invoke(mesh);
        });
    }

    /// <summary>Adds the mesh that programs of this machine call through.</summary>
    public static void AddOutbound(IServiceCollection services, IConfigurationRoot root, Action<IMeshBuilder>? more = null)
    {
        Add(services, root, mesh =>
        {
            NameCaller(mesh, root);
            more?.Invoke(mesh);
        });
        MeshBuilder.FindSetup(services).Options.Sections.Add(new ForeignRegistration());
    }

    /// <summary>Everything that is wrong with the section <c>Mesh</c>, without anybody being called.</summary>
    public static IReadOnlyList<string> Check(IConfigurationRoot root)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(root);
        AddOutbound(services, root);
        using ServiceProvider provider = services.BuildServiceProvider();
        string[] sources = [.. provider.GetRequiredService<AddedSources>().All.Select(static s => s.Name), ConfigurationEndpointSource.SourceName, DnsEndpointSource.SourceName];
        try
        {
            using var read = new MeshConfiguration(provider.GetRequiredService<MeshSetup>().Options, root, sources, MeshFactory.Clock(provider), NullLogger<MeshConfiguration>.Instance);
            return [];
        }
        catch (MeshOptionsException error)
        {
            return [.. error.Failures];
        }
    }

    // Who calls where nobody says so: the one program that the agent stands before.
    private static void NameCaller(IMeshBuilder mesh, IConfigurationRoot root) => mesh.ConfigureLocal(local =>
    {
        if (local.Service.Length == 0 && AgentConfiguration.Read(root).Inbound.Items is [var only])
        {
            local.Service = only.Service;
        }
    });

    /// <summary>Carries calls to hosts outside of the mesh: nothing is followed, kept, unpacked or sent by way of another proxy.</summary>
    public static SocketsHttpHandler CreateForeign() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        EnableMultipleHttp2Connections = true,
        ActivityHeadersPropagator = null,
        RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
    };
}
