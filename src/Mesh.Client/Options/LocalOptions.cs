namespace Mesh.Client.Options;

/// <summary>Who and where this process is: the section <c>Local</c>.</summary>
public sealed class LocalOptions
{
    /// <summary>The service that this process is an instance of; empty where it is none.</summary>
    public string Service { get; set; } = "";

    /// <summary>What tells this process from the other instances of its service. Empty is a random name, new at each start.</summary>
    public string Instance { get; set; } = "";

    /// <summary>The region it runs in, such as <c>eu</c>; empty where it is not known.</summary>
    public string Region { get; set; } = "";

    /// <summary>The zone it runs in, such as <c>eu-1</c>; empty where it is not known.</summary>
    public string Zone { get; set; } = "";

    /// <summary>What this process is known by, such as <c>version: v2</c>; empty by default.</summary>
    public IDictionary<string, string> Labels { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
