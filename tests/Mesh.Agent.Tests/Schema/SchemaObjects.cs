using System.Text.Json;

namespace Mesh.Agent.Tests.Schema;

/// <summary>The objects that a schema describes with all their keys, each at one place where it can stand.</summary>
internal static class SchemaObjects
{
    public static IEnumerable<(string Path, string[] Properties)> Of(JsonElement root)
    {
        var found = new Dictionary<string, (string, string[])>();
        foreach (JsonProperty section in root.GetProperty("properties").EnumerateObject())
        {
            Walk(section.Value, section.Name);
        }

        return found.Values;

        void Walk(JsonElement schema, string path)
        {
            if (schema.TryGetProperty("$ref", out JsonElement name))
            {
                JsonElement type = root.GetProperty("$defs").GetProperty(name.GetString()!["#/$defs/".Length..]);
                if (found.TryAdd(name.GetString()!, (path, [.. type.GetProperty("properties").EnumerateObject().Select(static p => p.Name)])))
                {
                    foreach (JsonProperty property in type.GetProperty("properties").EnumerateObject())
                    {
                        Walk(property.Value, $"{path}:{property.Name}");
                    }
                }
            }
            else if (schema.TryGetProperty("anyOf", out JsonElement choices))
            {
                foreach (JsonElement choice in choices.EnumerateArray())
                {
                    Walk(choice, path);
                }
            }
            else if (schema.TryGetProperty("items", out JsonElement items))
            {
                Walk(items, $"{path}:0");
            }
            else if (schema.TryGetProperty("additionalProperties", out JsonElement others) && others.ValueKind == JsonValueKind.Object)
            {
                Walk(others, $"{path}:orders");
            }
        }
    }
}
