using Mesh.Client.Consul.Api.Records;
using Mesh.Client.Consul.Registration;
using Mesh.Client.Model;

namespace Mesh.Client.Consul.Discovery;

/// <summary>
/// What an instance says of itself, in its meta or, as clients without meta do, in tags such as <c>zone=eu-1</c>. Its meta counts more than its tags, and both more than
/// its node's meta.
/// </summary>
internal readonly struct InstanceFacts
{
    /// <summary>Consul allows 64 pairs of meta and any number of tags; those beyond are not read.</summary>
    private const int MaxLabels = 128;

    private readonly Dictionary<string, string> _own;
    private readonly Dictionary<string, string?>? _node;

    public InstanceFacts(ServiceEntry entry)
    {
        _own = new Dictionary<string, string>(StringComparer.Ordinal);
        _node = entry.Node?.Meta;
        foreach ((string key, string? value) in entry.Service?.Meta ?? [])
        {
            // The mesh's own words change from start to start and with each step of a warm-up.
            if (!key.StartsWith(MeshMeta.Prefix, StringComparison.Ordinal))
            {
                Add(key, value ?? "");
            }
        }

        foreach (string? tag in entry.Service?.Tags ?? [])
        {
            if (tag is { Length: > 0 })
            {
                int mark = tag.IndexOf('=', StringComparison.Ordinal);
                Add(mark > 0 ? tag[..mark] : tag, mark > 0 ? tag[(mark + 1)..] : "true");
            }
        }
    }

    /// <summary>All of it but the node's. A tag without <c>=</c> is a label with the value <c>true</c>.</summary>
    public LabelSet Labels => LabelSet.Create(_own);

    /// <summary>The only scheme that the instance serves; <see langword="null"/> where it does not say.</summary>
    public string? Scheme(string key) => (Own(key)?.ToUpperInvariant(), Own("secure")?.ToUpperInvariant()) switch
    {
        ("HTTPS", _) => "https",
        ("HTTP", _) => "http",
        (_, "TRUE") => "https",
        (_, "FALSE") => "http",
        _ => null,
    };

    public Locality Place(string regionKey, string zoneKey)
    {
        string region = Own(regionKey) ?? Node(regionKey);
        string zone = Own(zoneKey) ?? Node(zoneKey);
        return region.Length + zone.Length == 0 ? Locality.None : new Locality(region, zone);
    }

    private string? Own(string key) => key.Length > 0 ? _own.GetValueOrDefault(key) : null;

    private string Node(string key) => key.Length > 0 ? _node?.GetValueOrDefault(key) ?? "" : "";

    private void Add(string key, string value)
    {
        if (_own.Count < MaxLabels && key.Length > 0)
        {
            _own.TryAdd(key, value);
        }
    }
}
