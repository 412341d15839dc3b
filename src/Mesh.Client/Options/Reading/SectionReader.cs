using System.Diagnostics.CodeAnalysis;
using System.Net;
using Mesh.Client.Options.Checking;
using Mesh.Client.Options.Origins;
using Mesh.Client.Options.Tree;
using Microsoft.Extensions.Configuration;

namespace Mesh.Client.Options.Reading;

/// <summary>
/// Reads one section key by key. A key that is not there, or is wrong, leaves the current value; what is wrong is collected. The keys that were
/// asked for are the known ones: <see cref="Finish"/> reports every other.
/// </summary>
internal sealed class SectionReader(ConfigNode node, OptionRules rules, OptionErrors errors)
{
    private readonly List<string> _known = [];

    public ConfigNode Node => node;

    public OptionErrors Errors => errors;

    /// <summary>Takes down each key with its current value, where somebody asks what the options are rather than what the section says.</summary>
    public OptionRecord? Record { get; init; }

    public TimeSpan Duration(string key, TimeSpan current) => Single(key, current, ValueParsers.Duration);

    public int Integer(string key, int current) => Single(key, current, ValueParsers.Integer);

    public double Number(string key, double current) => Single(key, current, ValueParsers.Number);

    public bool Flag(string key, bool current) => Single(key, current, ValueParsers.Flag);

    public TimeSpan? Duration(string key, TimeSpan? current) => Single(key, current, Optional<TimeSpan>(ValueParsers.Duration));

    public int? Integer(string key, int? current) => Single(key, current, Optional<int>(ValueParsers.Integer));

    public double? Number(string key, double? current) => Single(key, current, Optional<double>(ValueParsers.Number));

    public bool? Flag(string key, bool? current) => Single(key, current, Optional<bool>(ValueParsers.Flag));

    public string Text(string key, string current) => Single(key, current, ValueParsers.Text, allowEmpty: true);

    /// <summary>A folder; empty is a value of its own, unlike one that is not given.</summary>
    public string? Path(string key, string? current) => Single(key, current, ValueParsers.Path, allowEmpty: true);

    /// <summary>A value with rules of its own, to which empty is a value too.</summary>
    public T Parsed<T>(string key, T current, ValueParser<T> parse) => Single(key, current, parse, allowEmpty: true);

    public string Address(string key, string current) => Single(key, current, ValueParsers.Address);

    public string HttpVersion(string key, string current) => Single(key, current, ValueParsers.HttpVersion, allowEmpty: true);

    public DecompressionMethods Encodings(string key, DecompressionMethods current) => Single(key, current, ValueParsers.Encodings);

    public T Choice<T>(string key, T current)
        where T : struct, Enum => Single(key, current, ValueParsers.Choice);

    /// <summary>One of the names, as it is written there.</summary>
    public string Name(string key, string current, KnownNames names) => Single(key, current, names.Parse);

    /// <summary>Says that a key is known, though nobody reads it.</summary>
    public void Known(string key) => _known.Add(key);

    /// <summary>A section beneath this one.</summary>
    public void Section<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>(string key, T options, Action<SectionReader, T> read)
    {
        _known.Add(key);
        Record?.Beneath(key, () => read(new SectionReader(node, OptionRules.For<T>(), errors) { Record = Record }, options));
        if (node.Child(key) is { } child)
        {
            Read(child, options, read, errors);
        }
    }

    /// <summary>The sections beneath a key whose names are the user's own.</summary>
    public IReadOnlyCollection<ConfigNode> Named(string key)
    {
        _known.Add(key);
        ConfigNode? child = node.Child(key);
        if (child is { Value.Length: > 0 })
        {
            errors.Add(child, "is a section, not a value; write its keys beneath it");
        }

        return child?.Children ?? [];
    }

    /// <summary>Labels and the like: names of the user's own with single values.</summary>
    public IDictionary<string, string> Pairs(string key)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (ConfigNode pair in Named(key))
        {
            if (pair.HasChildren)
            {
                errors.Add(pair, "is a single value, not a section; write \"name\": \"value\", without ':' in the name");
            }

            pairs[pair.Key] = pair.Value ?? "";
        }

        return pairs;
    }

    /// <summary>A list of sections. An item that <paramref name="read"/> makes nothing of is left out.</summary>
    public IList<T> List<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>(string key, IList<T> current, Func<SectionReader, T?> read)
        where T : class
    {
        Record?.AddList(key, current);
        if (Items(key) is not { } items)
        {
            return current;
        }

        List<T> list = [];
        foreach (ConfigNode item in items)
        {
            var section = Open(item, OptionRules.For<T>(), errors);
            if (read(section) is { } value)
            {
                list.Add(value);
            }

            section.Finish();
        }

        return list;
    }

    /// <summary>A list of single values, no two of which may be the same.</summary>
    public IList<string> List(string key, IList<string> current, ValueParser<string> parse)
    {
        Record?.AddList(key, current);
        if (Items(key) is not { } items)
        {
            return current;
        }

        List<string> list = [];
        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        foreach (ConfigNode item in items)
        {
            string value = "";
            string? problem = item.HasChildren ? "is a single value, not a section" : parse(item.Value ?? "", out value);
            problem ??= seen.Add(value) ? null : "is in the list twice; remove one";
            if (problem is null)
            {
                list.Add(value);
            }
            else
            {
                errors.Add(item, problem);
            }
        }

        return list;
    }

    /// <summary>Reads a section and reports the keys in it that <paramref name="read"/> did not ask for.</summary>
    public static void Read<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>(
        ConfigNode node, T options, Action<SectionReader, T> read, OptionErrors errors)
    {
        SectionReader section = Open(node, OptionRules.For<T>(), errors);
        read(section, options);
        section.Finish();
    }

    private static SectionReader Open(ConfigNode node, OptionRules rules, OptionErrors errors)
    {
        if (node.Value is { Length: > 0 })
        {
            errors.Add(node, "is a section, not a value; write its keys beneath it");
        }

        return new SectionReader(node, rules, errors);
    }

    /// <summary>The items in the order of their numbers; <see langword="null"/> where the list is not given, unlike an empty one.</summary>
    private IEnumerable<ConfigNode>? Items(string key)
    {
        _known.Add(key);
        if (node.Child(key) is not { } list)
        {
            return null;
        }

        if (list.HasChildren)
        {
            return list.Children.OrderBy(static c => c.Key, ConfigurationKeyComparer.Instance);
        }

        if (list.Value is { Length: > 0 })
        {
            errors.Add(list, $"is a list, not a value; write [ … ], or the key \"{list.Path}:0\"");
        }

        // An empty array has an empty text as its value, where null says nothing.
        return list.Value is null ? null : [];
    }

    private T Single<T>(string key, T current, ValueParser<T> parse, bool allowEmpty = false)
    {
        _known.Add(key);
        Record?.Add(key, current);
        if (node.Child(key) is not { } child)
        {
            return current;
        }

        if (child.HasChildren)
        {
            errors.Add(child, "is a single value, not a section or a list; write the value at the key itself");
            return current;
        }

        if (child.Value is not { } text)
        {
            return current;
        }

        if (text.Length == 0 && !allowEmpty)
        {
            errors.Add(child, "is empty; write a value or remove the key");
            return current;
        }

        string? problem = parse(text, out T value) ?? rules.Problem(key, value);
        if (problem is null)
        {
            return value;
        }

        errors.Add(child, problem);
        return current;
    }

    private static ValueParser<T?> Optional<T>(ValueParser<T> parse)
        where T : struct => (string text, out T? value) =>
        {
            string? problem = parse(text, out T read);
            value = read;
            return problem;
        };

    private void Finish()
    {
        foreach (ConfigNode child in node.Children)
        {
            if (_known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            {
                continue;
            }

            string? nearest = errors.IsFull ? null : NearestName.Of(child.Key, _known);
            errors.Add(child, nearest is null
                ? $"is no key of the mesh; known here: {string.Join(", ", _known)}"
                : $"is no key of the mesh; did you mean \"{nearest}\"? Known here: {string.Join(", ", _known)}");
        }
    }
}
