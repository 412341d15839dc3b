namespace Mesh.Client.Options;

/// <summary>The <c>Mesh</c> section of the configuration. Every key is optional.</summary>
public sealed class MeshOptions
{
    /// <summary>Whether every client of <c>IHttpClientFactory</c> goes through the mesh; otherwise only those with <c>AddMesh</c> of their own. Read once, at start.</summary>
    /// <value>Default true.</value>
    public bool AttachToAllClients { get; set; } = true;

    /// <summary>Who and where this process is.</summary>
    public LocalOptions Local { get; } = new();

    /// <summary>Where endpoints come from.</summary>
    public DiscoveryOptions Discovery { get; } = new();

    /// <summary>What applies to every service that does not say otherwise. <c>Endpoints</c> here apply to the services that are named, never to other hosts.</summary>
    public ServiceOptions Defaults { get; internal set; } = new();

    /// <summary>The services by their logical names: host names such as <c>orders</c>, compared without regard to case.</summary>
    public IDictionary<string, ServiceOptions> Services { get; } = new Dictionary<string, ServiceOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>What governs the requests that this process receives.</summary>
    public ServerOptions Server { get; } = new();

    /// <summary>Which calls get a line in the log.</summary>
    public AccessLogOptions AccessLog { get; } = new();

    /// <summary>What the figures tell.</summary>
    public FiguresOptions Figures { get; } = new();

    /// <summary>What the sections of added packages say, each compiled by its package.</summary>
    internal Dictionary<string, object> Added { get; } = [];
}
