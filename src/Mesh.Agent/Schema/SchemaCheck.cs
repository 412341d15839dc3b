using System.Text.Json;
using Mesh.Agent.Options;
using Mesh.Client.Options.Checking;
using Mesh.Client.Options.Reading;
using Mesh.Client.Options.Tree;
using Microsoft.Extensions.Configuration;

namespace Mesh.Agent.Schema;

/// <summary>
/// Compares a configuration with its JSON schema: the file, and what the environment says over it. As everywhere in .NET's configuration all values are texts and keys have no case. It knows the
/// words of JSON schema that <c>docs/agent.schema.json</c> is written in.
/// </summary>
internal sealed class SchemaCheck
{
    private readonly JsonElement _schema;
    private readonly OptionErrors _errors = new();
    private readonly IReadOnlyCollection<string> _known;

    private SchemaCheck(JsonElement schema, IReadOnlyCollection<string> known)
    {
        _schema = schema;
        _known = known;
    }

    /// <summary>Everything in which a configuration differs from the schema.</summary>
    /// <param name="root">The configuration.</param>
    /// <param name="known">What is wrong with it and known already: that is not said again.</param>
    public static IReadOnlyList<string> Faults(IConfigurationRoot root, IReadOnlyCollection<string> known)
    {
        using JsonDocument schema = ConfigurationSchema.Read();
        var check = new SchemaCheck(schema.RootElement, known);
        foreach (IConfigurationSection section in root.GetChildren())
        {
            // A section that is not known is told of elsewhere.
            if (TryFind(schema.RootElement, "properties", section.Key, out JsonElement expected))
            {
                Func<string[], int, bool> isList = expected.TryGetProperty("$ref", out JsonElement name) ? IsList(name.GetString()!) : ListPositions.None;
                check.Node(ConfigTree.Read(section.Key, ConfigLayer.OfRoot(root, section.Key), isList).Root, expected);
            }
        }

        return check._errors.ToLines();
    }

    private static Func<string[], int, bool> IsList(string name) => name switch
    {
        "#/$defs/Agent" => AgentSection.IsList,
        "#/$defs/Mesh" => ListPositions.InMesh,
        _ => ListPositions.None,
    };

    private void Node(ConfigNode node, JsonElement schema)
    {
        schema = Resolve(schema);
        if (schema.TryGetProperty("anyOf", out JsonElement choices))
        {
            schema = Resolve(choices.EnumerateArray().FirstOrDefault(c => IsSection(Resolve(c)) == node.HasChildren, choices[0]));
        }

        if (node.HasChildren)
        {
            Section(node, schema);
        }
        else if (node.Value is { Length: > 0 } text)
        {
            if (IsSection(schema))
            {
                Say(node, SchemaValue.Is(schema, "array") ? "is a list, not a value; write [ … ]" : "is a section, not a value; write its keys beneath it");
            }
            else if (SchemaValue.Problem(schema, text) is { } problem)
            {
                Say(node, problem);
            }
        }
    }

    private void Section(ConfigNode node, JsonElement schema)
    {
        if (SchemaValue.Is(schema, "array"))
        {
            foreach (ConfigNode item in node.Children)
            {
                Node(item, schema.GetProperty("items"));
            }
        }
        else if (SchemaValue.Is(schema, "object"))
        {
            foreach (ConfigNode child in node.Children)
            {
                Child(child, schema);
            }

            Required(node, schema);
        }
        else
        {
            Say(node, "is a single value, not a section or a list; write the value at the key itself");
        }
    }

    private void Child(ConfigNode child, JsonElement schema)
    {
        if (TryFind(schema, "properties", child.Key, out JsonElement expected))
        {
            Node(child, expected);
        }
        else if (!schema.TryGetProperty("additionalProperties", out JsonElement others) || others.ValueKind is JsonValueKind.True)
        {
            return;
        }
        else if (others.ValueKind is JsonValueKind.Object)
        {
            Node(child, others);
        }
        else
        {
            string[] names = [.. schema.GetProperty("properties").EnumerateObject().Select(static p => p.Name)];
            Say(child, $"is not known; did you mean \"{NearestName.Of(child.Key, names) ?? names[0]}\"? Known here: {string.Join(", ", names)}");
        }
    }

    private void Required(ConfigNode node, JsonElement schema)
    {
        if (schema.TryGetProperty("required", out JsonElement required))
        {
            foreach (JsonElement name in required.EnumerateArray())
            {
                if (node.Child(name.GetString()!) is null)
                {
                    Say(node, $"has no {name.GetString()}; write it");
                }
            }
        }
    }

    private void Say(ConfigNode node, string problem)
    {
        string path = node.Path;
        if (!_known.Any(l => l.StartsWith(path, StringComparison.OrdinalIgnoreCase) && l.AsSpan(path.Length).StartsWith(" ")))
        {
            _errors.Add(node, problem);
        }
    }

    private static bool TryFind(JsonElement schema, string keyword, string key, out JsonElement found)
    {
        found = default;
        if (schema.TryGetProperty(keyword, out JsonElement named))
        {
            foreach (JsonProperty property in named.EnumerateObject())
            {
                if (string.Equals(property.Name, key, StringComparison.OrdinalIgnoreCase))
                {
                    found = property.Value;
                    return true;
                }
            }
        }

        return false;
    }

    private static bool IsSection(JsonElement schema) => SchemaValue.Is(schema, "object") || SchemaValue.Is(schema, "array");

    // #/$defs/Name, the one form there is.
    private JsonElement Resolve(JsonElement schema) =>
        schema.TryGetProperty("$ref", out JsonElement name) ? _schema.GetProperty("$defs").GetProperty(name.GetString()!.Split('/')[^1]) : schema;
}
