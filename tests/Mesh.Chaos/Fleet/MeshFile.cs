using System.Globalization;

namespace Mesh.Chaos.Fleet;

/// <summary>The configuration file of a process that calls, good and bad.</summary>
internal static class MeshFile
{
    /// <summary>The quota, in calls a second: a quarter of what is wanted, so that also two quotas would be less.</summary>
    public const int Quota = 25;

    /// <summary>As it should be.</summary>
    /// <param name="caller">The service in whose name is called.</param>
    /// <param name="consul">Where it finds Consul.</param>
    /// <param name="redis">Where it finds Redis.</param>
    /// <param name="agent">The section <c>Agent</c> with a comma behind it, or nothing.</param>
    public static string Good(string caller, Uri consul, int redis, string agent = "") => string.Create(CultureInfo.InvariantCulture, $$"""
        {
          {{agent}}
          "Logging": { "LogLevel": { "Default": "Critical" } },
          "Mesh": {
            "Local": { "Service": "{{caller}}" },
            "Discovery": { "CacheDirectory": "", "Sources": [ "Consul" ] },
            "Consul": { "Address": "{{consul.GetLeftPart(UriPartial.Authority)}}", "WaitTime": "00:00:05" },
            "Redis": { "Configuration": "127.0.0.1:{{redis}}" },
            "Services": {
              "orders": {
                "Timeout": "00:00:20", "AttemptTimeout": "00:00:02",
                "Retry": { "MaxAttempts": 6 },
                "CircuitBreaker": { "BreakDuration": "00:00:01", "MaxBreakDuration": "00:00:05" },
                "Routes": [ { "Name": "metered", "Match": { "Path": "/metered" }, "RateLimits": [ { "Name": "metered", "Permits": {{Quota}}, "Per": "00:00:01", "Store": "Redis" } ] } ]
              }
            }
          }
        }
        """);

    /// <summary>As it should not be: half, with a value or a key that is none, or empty.</summary>
    public static string Bad(string good, int variant) => (variant % 4) switch
    {
        0 => good[..(good.Length / 2)],
        1 => good.Replace("\"00:00:20\"", "\"soon\"", StringComparison.Ordinal),
        2 => good.Replace("\"MaxAttempts\"", "\"MaxAtempts\"", StringComparison.Ordinal),
        _ => "",
    };

    /// <summary>A policy document of the service that may be in force.</summary>
    public const string GoodPolicy = """{ "Retry": { "BaseDelay": "00:00:00.020" } }""";

    /// <summary>One that must never be.</summary>
    public static string BadPolicy(int variant) => (variant % 4) switch
    {
        0 => """{ "Timeout": """,
        1 => """{ "Timeout": "00:00:00.001", "AttemptTimeout": "soon" }""",
        2 => """{ "Routes": [], "Retry": { "MaxAttempts": 1000000 } }""",
        _ => """{ "Consul": { "Address": "http://evil" }, "Endpoints": [] }""",
    };
}
