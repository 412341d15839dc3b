namespace Mesh.Client.Options.Tree;

/// <summary>A key of the configuration as it was when it was read: its value, the keys beneath it, and the layer that last named it.</summary>
internal sealed class ConfigNode(string key, ConfigNode? parent)
{
    private Dictionary<string, ConfigNode>? _children;

    public string Key { get; } = key;

    public string? Value { get; private set; }

    public IReadOnlyCollection<ConfigNode> Children => _children is null ? [] : _children.Values;

    public bool HasChildren => _children is not null;

    /// <summary>The number of the highest layer that names this key or one beneath it; higher layers come later.</summary>
    public int Layer { get; private set; }

    /// <summary>The whole key, <c>Mesh:Services:orders:Timeout</c>. A tree is a few levels deep, whatever the keys are.</summary>
    public string Path => parent is null || parent.Path is not { Length: > 0 } above ? Key : $"{above}:{Key}";

    public ConfigNode? Child(string key) => _children?.GetValueOrDefault(key);

    /// <summary>The child of that name for a layer to write to, made where it is not there.</summary>
    public ConfigNode Enter(string key, int layer)
    {
        _children ??= new Dictionary<string, ConfigNode>(StringComparer.OrdinalIgnoreCase);
        if (!_children.TryGetValue(key, out ConfigNode? child))
        {
            child = new ConfigNode(key, this) { Layer = layer };
            _children.Add(key, child);
        }

        return child;
    }

    public void Mark(int layer) => Layer = layer;

    public void Set(string? value) => Value = value;

    /// <summary>Forgets what lower layers said, because a list is one layer's alone.</summary>
    public void Clear()
    {
        Value = null;
        _children = null;
    }

    /// <summary>The same again beneath another parent, for further layers to write to.</summary>
    /// <param name="newParent">The parent.</param>
    /// <param name="section">A key beneath this one of which not all is wanted.</param>
    /// <param name="names">What of it is wanted; <see langword="null"/> for all.</param>
    public ConfigNode Copy(ConfigNode? newParent, string? section = null, IReadOnlySet<string>? names = null)
    {
        var copy = new ConfigNode(Key, newParent) { Value = Value, Layer = Layer };
        if (_children is not null)
        {
            copy._children = new Dictionary<string, ConfigNode>(StringComparer.OrdinalIgnoreCase);
            foreach ((string name, ConfigNode child) in _children)
            {
                copy._children.Add(name, names is not null && name.Equals(section, StringComparison.OrdinalIgnoreCase) ? child.CopyOf(copy, names) : child.Copy(copy));
            }
        }

        return copy;
    }

    /// <summary>Whether both say the same; a key without a value and without keys beneath it says nothing.</summary>
    public bool SaysTheSame(ConfigNode other)
    {
        if (!string.Equals(Value, other.Value, StringComparison.Ordinal))
        {
            return false;
        }

        return Children.All(c => other.Child(c.Key) is { } match ? c.SaysTheSame(match) : c.SaysNothing)
            && other.Children.All(c => Child(c.Key) is not null || c.SaysNothing);
    }

    private ConfigNode CopyOf(ConfigNode newParent, IReadOnlySet<string> names)
    {
        var copy = new ConfigNode(Key, newParent) { Value = Value, Layer = Layer, _children = new Dictionary<string, ConfigNode>(StringComparer.OrdinalIgnoreCase) };
        foreach (string name in names)
        {
            if (Child(name) is { } child)
            {
                copy._children.Add(name, child.Copy(copy));
            }
        }

        return copy;
    }

    private bool SaysNothing => Value is null && Children.All(static c => c.SaysNothing);
}
