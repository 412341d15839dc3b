using Mesh.Client.Balancing;
using Mesh.Client.Discovery;
using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Options;

namespace Mesh.Client;

/// <summary>What the calls of <c>AddMesh</c> and its builder collected; read once, when the engine is made.</summary>
internal sealed class MeshSetup
{
    public CodeOptions Options { get; } = new();

    /// <summary>Makes the sources that were added in code, in their order.</summary>
    public List<Func<IServiceProvider, IEndpointSource>> Sources { get; } = [];

    /// <summary>Makes the sources of policies, in the order in which they were added; a later one counts more.</summary>
    public List<Func<IServiceProvider, IPolicySource>> PolicySources { get; } = [];

    /// <summary>Balancers beside the built-in ones.</summary>
    public List<LoadBalancer> Balancers { get; } = [];

    public OutcomeClassifier? Classifier { get; set; }

    /// <summary>Makes the transport of an endpoint instead of a connection pool of its own.</summary>
    public Func<MeshEndpoint, HttpMessageHandler>? Transport { get; set; }

    /// <summary>Makes the connections of TCP probes.</summary>
    public Func<MeshEndpoint, CancellationToken, ValueTask<Stream>>? Dial { get; set; }

    public TimeProvider? TimeProvider { get; set; }

    public Random? Random { get; set; }

    /// <summary>Where the cache is unless <c>Discovery:CacheDirectory</c> says; <see langword="null"/> is a folder of this application's own, empty is nowhere.</summary>
    public string? DefaultCacheDirectory { get; set; }
}
