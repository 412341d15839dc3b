using System.Text.Json;

namespace Mesh.Client.AspNetCore.Tests.Admin;

/// <summary>Holds JSON against the schemas of an OpenAPI document, as far as ours goes: it must have each property that is named, and no other.</summary>
internal sealed class SchemaCheck(JsonElement api)
{
    private readonly JsonElement _schemas = api.GetProperty("components").GetProperty("schemas");

    public void Check(JsonElement value, string schema, string where) => Check(value, _schemas.GetProperty(schema), where);

    public void Check(JsonElement value, JsonElement schema, string where)
    {
        if (schema.TryGetProperty("$ref", out JsonElement reference))
        {
            Check(value, reference.GetString()!.Split('/')[^1], where);
            return;
        }

        if (schema.TryGetProperty("oneOf", out JsonElement choices))
        {
            Check(value, choices[value.ValueKind is JsonValueKind.Null ? 1 : 0], where);
            return;
        }

        string[] types = schema.GetProperty("type") is { ValueKind: JsonValueKind.Array } several ? [.. several.EnumerateArray().Select(static t => t.GetString()!)] : [schema.GetProperty("type").GetString()!];
        string type = TypeOf(value);
        Assert.True(types.Contains(type) || (type == "integer" && types.Contains("number")), $"{where} is {type} and not {string.Join(" or ", types)}: {value}");
        if (schema.TryGetProperty("enum", out JsonElement words))
        {
            Assert.Contains(value.GetString(), words.EnumerateArray().Select(static w => w.GetString()));
        }

        if (schema.TryGetProperty("format", out _) && type == "string")
        {
            Assert.True(value.TryGetDateTimeOffset(out _), $"{where} is no time: {value}");
        }

        if (type == "array")
        {
            Assert.All(value.EnumerateArray(), item => Check(item, schema.GetProperty("items"), $"{where}[]"));
        }
        else if (type == "object" && schema.TryGetProperty("properties", out JsonElement properties))
        {
            Assert.Equal(properties.EnumerateObject().Select(static p => p.Name).Order(StringComparer.Ordinal), value.EnumerateObject().Select(static p => p.Name).Order(StringComparer.Ordinal));
            Assert.All(value.EnumerateObject(), p => Check(p.Value, properties.GetProperty(p.Name), $"{where}.{p.Name}"));
        }
    }

    private static string TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "null",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.String => "string",
        JsonValueKind.Array => "array",
        JsonValueKind.Object => "object",
        _ => value.TryGetInt64(out _) ? "integer" : "number",
    };
}
