using System.Text.Json;
using Mesh.Agent.Schema;

namespace Mesh.Fuzz.Targets.Json;

/// <summary>The words of a configuration: every key of its schema, and values near the borders of what is read.</summary>
internal static class MeshTokens
{
    private static readonly string[] s_values =
    [
        "orders", "stock", "localhost", "10.0.0.1", "http://a:1", "https://[::1]:443", "[", "[]", "[]:1", "http://", "unix:/run/a.sock", "unix:", "00:00:00", "00:00:01", "-00:00:01", "99999999.00:00:00", "10675199.02:48:05.4775807", "1.5",
        "1e400", "NaN", "Random", "RingHash", "Maglev", "LeastRequest", "PeakEwma", "header:x-user", "query:a", "cookie:b", "caller", "path", "header:", "502", "5xx", "reset", "unavailable", "10.0.0.0/8", "::ffff:10.0.0.0/104", "/a/*", "/**",
        "/***", "/a/../b", "/%41", "(a+)+$", "[a-", "a{1,100000}", "\\1", "(?=a)", "^/v[0-9]+/.*", "$1", "\\9", "lane=blue", "*", "Dns", "Consul", "grpc:", "tcp", "/healthz", "\ud800", "\0", "", ":", "::", "0", "1", "true",
    ];

    public static string[] All { get; } = [.. Keys().Distinct(StringComparer.Ordinal), .. s_values];

    private static IEnumerable<string> Keys()
    {
        using JsonDocument schema = ConfigurationSchema.Read();
        return [.. Names(schema.RootElement)];
    }

    private static IEnumerable<string> Names(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(static p => p.Name == "properties" && p.Value.ValueKind is JsonValueKind.Object
            ? p.Value.EnumerateObject().SelectMany(static k => Names(k.Value).Prepend(k.Name))
            : p.Name == "enum" ? p.Value.EnumerateArray().Select(static v => v.ToString())
            : Names(p.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Names),
        _ => [],
    };
}
