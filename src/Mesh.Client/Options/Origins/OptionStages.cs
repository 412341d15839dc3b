using System.Collections.Immutable;
using Mesh.Client.Options.Documents;
using Mesh.Client.Options.Tree;
using Microsoft.Extensions.Configuration;

namespace Mesh.Client.Options.Origins;

/// <summary>
/// What the options of one service were after each layer, taken down while the layers are put on one another once more. Code is known by what it changed; a section by its keys.
/// </summary>
/// <param name="service">The service.</param>
internal sealed class OptionStages(string service)
{
    private const int MaxSource = 200;
    private readonly Dictionary<PolicyOrigin, IReadOnlyList<KeyValuePair<string, string>>> _stages = [];

    /// <summary>Whether it is this service that is looked at.</summary>
    public bool IsFor(string name) => string.Equals(name, service, StringComparison.OrdinalIgnoreCase);

    /// <summary>Takes down what a layer made.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="read">Reads the options.</param>
    public void Take(PolicyOrigin layer, Action<OptionRecord> read)
    {
        var record = new OptionRecord();
        read(record);
        _stages[layer] = record.Values;
    }

    /// <summary>Says of each value of a service's policy where it comes from.</summary>
    /// <param name="service">The service.</param>
    /// <param name="mesh">The configuration.</param>
    /// <param name="documents">The policy documents over it.</param>
    /// <param name="read">Puts the layers on one another.</param>
    public static ImmutableArray<PolicyValue> Explain(string service, ConfigTree mesh, (string Name, CheckedDocument Document)[] documents, Action<ConfigTree, OptionStages> read)
    {
        var stages = new OptionStages(service);
        ConfigTree whole = mesh.With(documents.Select(static d => d.Document.Layer!));
        read(whole, stages);
        return stages.Explain(whole, source => Array.Find(documents, d => ReferenceEquals(d.Document.Document, source)).Name);
    }

    private ImmutableArray<PolicyValue> Explain(ConfigTree mesh, Func<object, string?> nameOf)
    {
        IReadOnlyList<KeyValuePair<string, string>> last = _stages[_stages.Keys.Max()];
        ConfigNode? own = mesh.Root.Child(nameof(MeshOptions.Services))?.Child(service);
        ConfigNode? defaults = mesh.Root.Child(nameof(MeshOptions.Defaults));
        var values = ImmutableArray.CreateBuilder<PolicyValue>(last.Count);
        for (int i = 0; i < last.Count; i++)
        {
            (string key, string value) = last[i];
            PolicyOrigin origin =
                Changed(PolicyOrigin.Overlay, _stages.ContainsKey(PolicyOrigin.ServiceCode) ? PolicyOrigin.ServiceCode : PolicyOrigin.Service, i) ? PolicyOrigin.Overlay
                : Changed(PolicyOrigin.ServiceCode, PolicyOrigin.Service, i) ? PolicyOrigin.ServiceCode
                : Find(own, key) is not null ? PolicyOrigin.Service
                : Changed(PolicyOrigin.Aspire, PolicyOrigin.DefaultsCode, i) ? PolicyOrigin.Aspire
                : Changed(PolicyOrigin.DefaultsCode, PolicyOrigin.Defaults, i) ? PolicyOrigin.DefaultsCode
                : Find(defaults, key) is not null ? PolicyOrigin.Defaults
                : PolicyOrigin.BuiltIn;
            ConfigNode? node = origin is PolicyOrigin.Service ? Find(own, key) : origin is PolicyOrigin.Defaults ? Find(defaults, key) : null;
            values.Add(new PolicyValue(key, value, origin, node is null ? null : Describe(mesh.SourceOf(node), nameOf)));
        }

        return values.MoveToImmutable();
    }

    private bool Changed(PolicyOrigin layer, PolicyOrigin before, int index) =>
        _stages.TryGetValue(layer, out var after) && _stages.TryGetValue(before, out var earlier) && after[index].Value != earlier[index].Value;

    private static ConfigNode? Find(ConfigNode? section, string key)
    {
        ConfigNode? node = section;
        foreach (string part in key.Split(':'))
        {
            node = node?.Child(part);
        }

        return node is { Value: not null } or { HasChildren: true } ? node : null;
    }

    // What a provider of the user's own says of itself may be anything; those of the framework name their file.
    private static string? Describe(object? source, Func<object, string?> nameOf)
    {
        string? text = source is null ? null
            : nameOf(source)
            ?? (source is IConfigurationProvider && source.GetType().Namespace?.StartsWith("Microsoft.Extensions.Configuration", StringComparison.Ordinal) is true ? source.ToString() : source.GetType().Name);
        return text?.Length > MaxSource ? text[..MaxSource] : text;
    }
}
