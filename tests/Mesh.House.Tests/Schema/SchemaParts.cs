using System.Reflection;
using System.Text.Json.Nodes;
using Mesh.Client.AspNetCore;
using Mesh.Client.Consul;
using Mesh.Client.Redis;

namespace Mesh.House.Tests.Schema;

/// <summary>Parts of the schema that no property says.</summary>
internal static class SchemaParts
{
    // Texts that are numbers now and then: HTTP versions, status codes.
    private static readonly string[] s_numeric = ["HttpVersion", "On"];

    /// <summary>The sections of packages beneath a type.</summary>
    public static IEnumerable<(string Name, Type Options)> Added(string type) => type switch
    {
        "Mesh" => [("Consul", typeof(ConsulOptions)), ("Redis", typeof(RedisOptions))],
        "Inbound" => [("Registration", typeof(RegistrationOptions))],
        _ => [],
    };

    public static JsonObject Text(PropertyInfo property) =>
        s_numeric.Contains(property.Name) ? new JsonObject { ["type"] = new JsonArray("string", "number") } : new JsonObject { ["type"] = "string" };

    /// <summary>The value of a name of the user's own.</summary>
    public static JsonObject Label() => new() { ["type"] = new JsonArray("string", "number", "boolean") };

    /// <summary>Microsoft.Extensions.Logging, for all and for a provider.</summary>
    public static JsonObject Logging() => new()
    {
        ["type"] = "object",
        ["description"] = "What is logged: the section of Microsoft.Extensions.Logging.",
        ["properties"] = new JsonObject { ["LogLevel"] = Levels() },
        ["additionalProperties"] = new JsonObject { ["type"] = new JsonArray("object", "string", "boolean"), ["properties"] = new JsonObject { ["LogLevel"] = Levels() } },
    };

    /// <summary>The endpoints of .NET Aspire.</summary>
    public static JsonObject Aspire() => new()
    {
        ["type"] = "object",
        ["description"] = "Endpoints as .NET Aspire passes them: by service and scheme, a list of addresses.",
        ["additionalProperties"] = new JsonObject { ["type"] = "object" },
    };

    private static JsonObject Levels() => new()
    {
        ["type"] = "object",
        ["description"] = "The least level that is logged, by category; Default for all others.",
        ["additionalProperties"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("Trace", "Debug", "Information", "Warning", "Error", "Critical", "None") },
    };
}
