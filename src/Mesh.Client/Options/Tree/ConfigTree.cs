namespace Mesh.Client.Options.Tree;

/// <summary>
/// A section of the configuration, read once as a whole, so that nothing changes under the reader. It is built from flat keys in one pass:
/// walking <c>GetChildren</c> would scan every provider anew for each section.
/// </summary>
internal sealed class ConfigTree
{
    /// <summary>More characters than this in keys and values together are not read.</summary>
    public const int MaxCharacters = 4 * 1024 * 1024;

    /// <summary>No key that is known lies deeper; what lies deeper stays one name.</summary>
    public const int MaxDepth = 11;

    private readonly Func<string[], int, bool> _isList;
    private readonly List<object> _order = [];
    private int _layers;
    private long _characters;

    private ConfigTree(ConfigNode root, Func<string[], int, bool> isList)
    {
        Root = root;
        _isList = isList;
    }

    public ConfigNode Root { get; }

    /// <summary>Why the section was not read to its end; <see langword="null"/> where it was.</summary>
    public string? Problem { get; private set; }

    /// <summary>All the sources that were asked.</summary>
    public HashSet<object> Sources { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>The sources that have keys in this section.</summary>
    public HashSet<object> SourcesWithKeys { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>Reads the layers, the lowest first.</summary>
    /// <param name="path">The key of the section in the root of the configuration.</param>
    /// <param name="layers">The layers.</param>
    /// <param name="isList">Whether the first so many parts of a key name a list, which one layer gives whole.</param>
    public static ConfigTree Read(string path, IEnumerable<ConfigLayer> layers, Func<string[], int, bool> isList)
    {
        var tree = new ConfigTree(new ConfigNode(path, null), isList);
        tree.Take(layers);
        return tree;
    }

    /// <summary>A tree of this one's keys with further layers above them, the lowest first.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="services">The services whose keys are taken over; <see langword="null"/> for all.</param>
    public ConfigTree With(IEnumerable<ConfigLayer> layers, IReadOnlySet<string>? services = null)
    {
        var tree = new ConfigTree(Root.Copy(null, nameof(MeshOptions.Services), services), _isList) { _layers = _layers, _characters = _characters, Problem = Problem };
        tree._order.AddRange(_order);
        if (Problem is null)
        {
            tree.Take(layers);
        }

        return tree;
    }

    /// <summary>The source of the layer that last named a key; <see langword="null"/> where none did.</summary>
    public object? SourceOf(ConfigNode node) => _order.ElementAtOrDefault(node.Layer - 1);

    /// <summary>Whether a source that had keys before has none now.</summary>
    public bool LostSource(ConfigTree before) =>
        before.SourcesWithKeys.Any(s => Sources.Contains(s) && !SourcesWithKeys.Contains(s))
        || (before.SourcesWithKeys.Count > 0 && SourcesWithKeys.Count == 0);

    private void Take(IEnumerable<ConfigLayer> layers)
    {
        foreach (ConfigLayer layer in layers)
        {
            Sources.Add(layer.Source);
            _order.Add(layer.Source);
            _layers++;
            foreach ((string key, string? value) in layer.Entries)
            {
                _characters += key.Length + (value?.Length ?? 0);
                if (_characters > MaxCharacters)
                {
                    Problem = $"has more than {MaxCharacters} characters of keys and values and is not read further; take out what does not belong to it";
                    SourcesWithKeys.Add(layer.Source);
                    return;
                }

                Add(key, value, _layers);
                SourcesWithKeys.Add(layer.Source);
            }

            if (layer.Exceeded)
            {
                Problem = $"has more than {ConfigLayer.MaxWalked} keys, too many to be read through a section alone; give AddMesh a section of the IConfiguration that is registered with the services";
                return;
            }
        }
    }

    private void Add(string key, string? value, int layer)
    {
        ConfigNode node = Root;
        string[] parts = key.Length == 0 ? [] : key.Split(':', MaxDepth);
        for (int i = 0; i < parts.Length; i++)
        {
            node = node.Enter(parts[i], layer);
            if (node.Layer < layer && _isList(parts, i + 1))
            {
                node.Clear();
            }

            node.Mark(layer);
        }

        node.Set(value);
    }
}
