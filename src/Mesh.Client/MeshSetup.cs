using Mesh.Client.Balancing;
using Mesh.Client.Discovery;
using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Options;
using Microsoft.Extensions.Configuration;

namespace Mesh.Client;

/// <summary>What the calls of <c>AddMesh</c> and its builder collected; read once, when the engine is made.</summary>
internal sealed class MeshSetup
{
    /// <summary>The user's <c>Mesh</c> section, if one was given.</summary>
    public IConfiguration? Section { get; set; }

    /// <summary>Code for <c>Discovery</c>, applied after the configuration.</summary>
    public List<Action<DiscoveryOptions>> ConfigureDiscovery { get; } = [];

    /// <summary>Code for <c>Defaults</c>, applied after the configuration's <c>Defaults</c> and before its services.</summary>
    public List<Action<ServiceOptions>> ConfigureDefaults { get; } = [];

    /// <summary>Code for single services, applied last.</summary>
    public List<KeyValuePair<string, Action<ServiceOptions>>> ConfigureServices { get; } = [];

    /// <summary>Makes the sources that were added in code, in their order.</summary>
    public List<Func<IServiceProvider, IEndpointSource>> Sources { get; } = [];

    /// <summary>Balancers beside the built-in ones.</summary>
    public List<LoadBalancer> Balancers { get; } = [];

    public OutcomeClassifier? Classifier { get; set; }

    /// <summary>Makes the transport of an endpoint instead of a connection pool of its own.</summary>
    public Func<MeshEndpoint, HttpMessageHandler>? Transport { get; set; }

    public TimeProvider? TimeProvider { get; set; }

    public Random? Random { get; set; }
}
