using Mesh.Client.Options.Reading;
using Microsoft.Extensions.Configuration;

namespace Mesh.Client.Options;

/// <summary>What the calls of <c>AddMesh</c> said about options: the section to read, and the code that is applied to it.</summary>
internal sealed class CodeOptions
{
    /// <summary>The user's <c>Mesh</c> section, if one was given.</summary>
    public IConfiguration? Section { get; set; }

    /// <summary>The name of this process where the options give it none.</summary>
    public string Instance { get; set; } = Environment.MachineName;

    /// <summary>Code for <c>Local</c>, applied after the configuration.</summary>
    public List<Action<LocalOptions>> ConfigureLocal { get; } = [];

    /// <summary>Code for <c>Discovery</c>, applied after the configuration.</summary>
    public List<Action<DiscoveryOptions>> ConfigureDiscovery { get; } = [];

    /// <summary>Code for <c>Defaults</c>, applied after the configuration's <c>Defaults</c> and before its services.</summary>
    public List<Action<ServiceOptions>> ConfigureDefaults { get; } = [];

    /// <summary>Code for single services, applied last.</summary>
    public List<KeyValuePair<string, Action<ServiceOptions>>> ConfigureServices { get; } = [];

    /// <summary>Code for <c>Server</c>, applied after the configuration.</summary>
    public List<Action<ServerOptions>> ConfigureServer { get; } = [];

    /// <summary>The sections under <c>Mesh</c> that belong to added packages.</summary>
    public List<AddedSection> Sections { get; } = [];

    /// <summary>Whether a store for the quotas of the fleet was added.</summary>
    public bool HasQuotaStore => Sections.Exists(static s => s.Name == "Redis");

    /// <summary>The names of the balancers beside the built-in ones.</summary>
    public List<string> Balancers { get; } = [];
}
