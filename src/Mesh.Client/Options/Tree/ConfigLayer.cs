using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;

namespace Mesh.Client.Options.Tree;

/// <summary>One source of the configuration, reduced to its flat keys beneath a path.</summary>
internal sealed class ConfigLayer
{
    /// <summary>The most keys that are walked one by one: each step may scan the whole source, so that the work grows with the square.</summary>
    public const int MaxWalked = 10_000;

    private ConfigLayer(object source)
    {
        Source = source;
        Entries = [];
    }

    /// <summary>What it was read from, to be known again at the next reading.</summary>
    public object Source { get; }

    /// <summary>The keys relative to the path with their values; a value on the path itself has an empty key. Read it once.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Entries { get; private set; }

    /// <summary>Whether the entries ended early, because there were more than <see cref="MaxWalked"/>.</summary>
    public bool Exceeded { get; private set; }

    /// <summary>The layers of a whole configuration, the lowest first.</summary>
    public static IEnumerable<ConfigLayer> OfRoot(IConfigurationRoot root, string path)
    {
        foreach (IConfigurationProvider provider in root.Providers)
        {
            if (provider is ChainedConfigurationProvider { Configuration: IConfigurationRoot inner })
            {
                foreach (ConfigLayer layer in OfRoot(inner, path))
                {
                    yield return layer;
                }
            }
            else
            {
                yield return OfProvider(provider, path);
            }
        }
    }

    /// <summary>A section by itself, whose root cannot be reached.</summary>
    public static ConfigLayer OfSection(IConfiguration section)
    {
        var layer = new ConfigLayer(section);
        layer.Entries = layer.Walk(
            key => (key.Length == 0 ? section : section.GetSection(key)).GetChildren().Select(static c => c.Key),
            key => key.Length == 0 ? (section as IConfigurationSection)?.Value : section[key]);
        return layer;
    }

    /// <summary>A document whose keys are known.</summary>
    public static ConfigLayer OfDocument(object document, IReadOnlyList<KeyValuePair<string, string?>> keys) => new(document) { Entries = keys };

    private static ConfigLayer OfProvider(IConfigurationProvider provider, string path)
    {
        var layer = new ConfigLayer(provider);
        layer.Entries = provider is ConfigurationProvider flat && ListsItsData(flat, path)
            ? Flat(flat, path)
            : layer.Walk(
                key => provider.GetChildKeys([], Join(path, key)).Distinct(StringComparer.OrdinalIgnoreCase),
                key => Join(path, key) is { } whole && provider.TryGet(whole, out string? value) ? value : null);
        return layer;
    }

    private static string? Join(string path, string key) => (path.Length, key.Length) switch
    {
        (0, 0) => null,
        (_, 0) => path,
        (0, _) => key,
        _ => $"{path}:{key}",
    };

    // The keys come from the data, the values through TryGet, which a provider may override, to decrypt them for instance.
    private static IEnumerable<KeyValuePair<string, string?>> Flat(ConfigurationProvider provider, string path)
    {
        foreach ((string key, _) in DataOf(provider))
        {
            if (Beneath(key, path) is { } relative && provider.TryGet(key, out string? value))
            {
                yield return new(relative, value);
            }
        }
    }

    private static string? Beneath(string key, string path)
    {
        if (path.Length == 0)
        {
            return key;
        }

        if (!key.StartsWith(path, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        return key.Length == path.Length ? "" : key[path.Length] == ':' ? key[(path.Length + 1)..] : null;
    }

    /// <summary>Whether the provider names the children that its data have, and does not make up others.</summary>
    private static bool ListsItsData(ConfigurationProvider provider, string path)
    {
        HashSet<string> listed = new(provider.GetChildKeys([], path.Length == 0 ? null : path), StringComparer.OrdinalIgnoreCase);
        HashSet<string> inData = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string key, _) in DataOf(provider))
        {
            if (Beneath(key, path) is { } relative && (relative.Length > 0 || key.Length > path.Length))
            {
                int end = relative.IndexOf(':', StringComparison.Ordinal);
                inData.Add(end < 0 ? relative : relative[..end]);
            }
        }

        return listed.SetEquals(inData);
    }

    // Protected, so part of the provider's contract with the world, and the only way to all its keys in one pass.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Data")]
    private static extern IDictionary<string, string?> DataOf(ConfigurationProvider provider);

    private IEnumerable<KeyValuePair<string, string?>> Walk(Func<string, IEnumerable<string>> children, Func<string, string?> value)
    {
        var pending = new Stack<(string Key, int Depth)>();
        pending.Push(("", 0));
        int seen = 0;
        while (pending.TryPop(out (string Key, int Depth) at))
        {
            int before = pending.Count;
            if (at.Depth < ConfigTree.MaxDepth)
            {
                foreach (string child in children(at.Key))
                {
                    if (++seen > MaxWalked)
                    {
                        Exceeded = true;
                        yield break;
                    }

                    pending.Push((at.Key.Length == 0 ? child : $"{at.Key}:{child}", at.Depth + 1));
                }
            }

            string? found = value(at.Key);
            if (at.Key.Length > 0 ? found is not null || pending.Count == before : found is not null)
            {
                yield return new(at.Key, found);
            }
        }
    }
}
