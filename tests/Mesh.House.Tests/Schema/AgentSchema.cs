using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mesh.Client.Options;

namespace Mesh.House.Tests.Schema;

/// <summary>Makes the JSON schema of the agent's configuration of the options types: their properties, their ranges, and what their documentation says.</summary>
internal sealed class AgentSchema
{
    private const string Duration = @"^\s*([0-9]+\.)?[0-9]{1,2}:[0-9]{1,2}(:[0-9]{1,2}(\.[0-9]{1,7})?)?\s*$";
    private const string Flag = "^\\s*([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])\\s*$";
    private const string Whole = @"^\s*[-+]?[0-9]+\s*$";
    private const string Number = @"^\s*[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?\s*$";

    private static readonly Assembly s_agent = Assembly.LoadFrom(Repository.Project("Mesh.Agent").Assembly);

    // What the reader asks for whatever the type says.
    private static readonly Dictionary<string, string[]> s_required = new() { ["Endpoint"] = ["Address"], ["Inbound"] = ["Service", "Listen", "Forward"] };

    private readonly SortedDictionary<string, JsonNode> _types = new(StringComparer.Ordinal);
    private readonly SchemaWords _words = new();

    /// <summary>The schema, as it is published.</summary>
    public static string Make()
    {
        string text = new AgentSchema().Root().ToJsonString(new JsonSerializerOptions { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        return text.ReplaceLineEndings("\n") + "\n";
    }

    private JsonObject Root()
    {
        var root = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "The configuration of mesh-agent",
            ["description"] = "docs/agent.md and docs/configuration.md say more. Each key can stand in the environment instead, with __ for each step: Agent__Outbound__0.",
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                ["$schema"] = new JsonObject { ["type"] = "string" },
                ["Agent"] = Type(s_agent.GetType("Mesh.Agent.Options.AgentOptions", throwOnError: true)!),
                ["Mesh"] = Type(typeof(MeshOptions)),
                ["Logging"] = SchemaParts.Logging(),
                ["services"] = SchemaParts.Aspire(),
            },
            ["additionalProperties"] = false,
        };
        root["$defs"] = new JsonObject(_types.Select(static t => new KeyValuePair<string, JsonNode?>(t.Key, t.Value)));
        return root;
    }

    private JsonObject Type(Type type, string? name = null, params string[] without)
    {
        name ??= type.Name[..^"Options".Length];
        if (_types.TryAdd(name, new JsonObject()))
        {
            object defaults = Activator.CreateInstance(type)!;
            IEnumerable<KeyValuePair<string, JsonNode?>> properties = type.GetProperties().OrderBy(static p => p.MetadataToken)
                .Where(p => !without.Contains(p.Name))
                .Select(p => new KeyValuePair<string, JsonNode?>(p.Name, Property(p, p.GetValue(defaults))))
                .Where(static p => p.Value is not null)
                .Concat(SchemaParts.Added(name).Select(a => new KeyValuePair<string, JsonNode?>(a.Name, Type(a.Options))));
            var described = new JsonObject { ["type"] = "object" };
            _words.Describe(described, type);
            described["properties"] = new JsonObject(properties);
            if (s_required.TryGetValue(name, out string[]? required))
            {
                described["required"] = new JsonArray([.. required.Select(static r => JsonValue.Create(r))]);
            }

            described["additionalProperties"] = false;
            _types[name] = described;
        }

        return new JsonObject { ["$ref"] = $"#/$defs/{name}" };
    }

    private JsonObject? Property(PropertyInfo property, object? value)
    {
        Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        JsonObject? schema = typeof(Delegate).IsAssignableFrom(type) ? Code(type) : Value(type, property);
        if (schema is null)
        {
            return null;
        }

        if (property.GetCustomAttribute<RangeAttribute>() is { } range)
        {
            schema["minimum"] = JsonValue.Create(Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture));
            schema["maximum"] = JsonValue.Create(Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture));
        }

        if (Default(value) is { } given)
        {
            schema["default"] = given;
        }

        _words.Describe(schema, property);
        return schema;
    }

    // Code in one, keys in the other: what an overlay changes.
    private JsonObject? Code(Type code) => code.GenericTypeArguments is [{ Name: nameof(ServiceOptions) } service] ? Type(service, "OverlaidService", nameof(ServiceOptions.Overlays)) : null;

    private JsonObject Value(Type type, PropertyInfo property) => type switch
    {
        _ when type == typeof(TimeSpan) => new JsonObject { ["type"] = "string", ["pattern"] = Duration, ["examples"] = new JsonArray("00:00:30") },
        _ when type == typeof(bool) => new JsonObject { ["type"] = new JsonArray("boolean", "string"), ["pattern"] = Flag },
        _ when type == typeof(int) || type == typeof(long) => new JsonObject { ["type"] = new JsonArray("integer", "string"), ["pattern"] = Whole },
        _ when type == typeof(double) => new JsonObject { ["type"] = new JsonArray("number", "string"), ["pattern"] = Number },
        _ when type == typeof(DecompressionMethods) => new JsonObject { ["type"] = "string", ["pattern"] = Names(type), ["examples"] = new JsonArray("GZip, Brotli") },
        { IsEnum: true } => new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. Enum.GetNames(type).Select(static n => JsonValue.Create(n))]) },
        _ when type == typeof(string) => SchemaParts.Text(property),
        _ when Item(type, typeof(IDictionary<,>)) is [_, var named] => new JsonObject { ["type"] = "object", ["additionalProperties"] = Named(named) },
        _ when Item(type, typeof(IList<>)) is [var item] => new JsonObject { ["type"] = "array", ["items"] = item.Name == "InboundPolicy" ? Type(Inbound) : item == typeof(string) ? SchemaParts.Text(property) : Type(item) },
        _ => Type(type),
    };

    // A condition may be written short, as a text.
    private JsonObject Named(Type named) => named == typeof(string) ? SchemaParts.Label()
        : named == typeof(ValueMatchOptions) ? new JsonObject { ["anyOf"] = new JsonArray(SchemaParts.Label(), Type(named)) }
        : Type(named);

    private static Type Inbound => s_agent.GetType("Mesh.Agent.Options.InboundOptions", throwOnError: true)!;

    private static string Names(Type type) => string.Join('|', Enum.GetNames(type)) is var names ? $@"^\s*({names})(\s*,\s*({names}))*\s*$" : "";

    private static Type[] Item(Type type, Type generic) => type.IsGenericType && type.GetGenericTypeDefinition() == generic ? type.GenericTypeArguments : [];

    private static JsonNode? Default(object? value) => value switch
    {
        bool flag => JsonValue.Create(flag),
        int number => JsonValue.Create(number),
        double number => JsonValue.Create(number),
        TimeSpan time => JsonValue.Create(time.ToString("c", CultureInfo.InvariantCulture)),
        Enum name => JsonValue.Create(name.ToString()),
        string { Length: > 0 } text => JsonValue.Create(text),
        IList { Count: > 0 } list when list[0] is string => new JsonArray([.. list.Cast<string>().Select(static t => JsonValue.Create(t))]),
        _ => null,
    };
}
