using System.Globalization;

namespace Mesh.Client.Tests.Services.Reloads;

/// <summary>One version of a configuration that says its number wherever it can: request header, response header, subset and timeout.</summary>
internal static class HotVersion
{
    public const string Header = "x-version";

    /// <summary>The service that some versions lead to, and its endpoint.</summary>
    public const string Elsewhere = "archive";

    public static readonly TimeSpan BaseTimeout = TimeSpan.FromHours(2);

    /// <summary>Every so many versions there is no route at all, and the service's own policy says the number.</summary>
    private const int WithoutRoute = 5;

    /// <summary>The keys of a version beneath <c>Mesh</c>.</summary>
    public static (string Key, string? Value)[] Keys(int version)
    {
        string number = Text(version);
        string timeout = (BaseTimeout + TimeSpan.FromMilliseconds(version)).ToString("c", CultureInfo.InvariantCulture);
        List<(string, string?)> keys = [("Discovery:CacheDirectory", ""), ("Local:Instance", "web-7"), ("Services:orders:Timeout", "00:00:00"), ("Services:orders:LoadBalancing:Policy", "RoundRobin")];

        // What another service says of itself is of the same version as the route that leads there.
        keys.AddRange([($"Services:{Elsewhere}:Timeout", "00:00:00"), ($"Services:{Elsewhere}:Endpoints:0:Address", $"http://{Elsewhere}:80"), ($"Services:{Elsewhere}:LoadBalancing:Policy", "RoundRobin")]);

        // One endpoint stays and is labelled anew, one is another each time, one belongs to no version.
        Endpoint(0, "stays", number);
        Endpoint(1, HostOf(version), number);
        if (IsRouted(version))
        {
            Endpoint(2, "stranger", "none");
            int at = version % 2;
            if (at == 1)
            {
                keys.Add(("Services:orders:Routes:0:Name", $"never-{number}"));
                keys.Add(("Services:orders:Routes:0:Match:Exact", "/never"));
                keys.Add(("Services:orders:Routes:0:RateLimits:0:Permits", "1"));
            }

            string route = $"Services:orders:Routes:{Text(at)}";
            keys.Add(($"{route}:Name", $"main-{number}"));
            keys.Add(($"{route}:Match:Prefix", "/"));
            keys.Add(IsElsewhere(version) ? ($"{route}:Split:0:Service", Elsewhere) : ($"{route}:Split:0:Labels:version", number));
            keys.Add(($"{route}:RequestHeaders:Set:{Header}", number));
            keys.Add(($"{route}:ResponseHeaders:Set:{Header}", number));
            keys.Add(($"{route}:Concurrency:Limit", "1000"));
            keys.Add(($"{route}:RateLimits:0:Permits", "1000000"));

            // Now and then an overlay for this process says it, which another one leaves alone.
            keys.Add(IsElsewhere(version) ? ($"Services:{Elsewhere}:AttemptTimeout", timeout) : version % 3 == 0 ? ($"Services:orders:Overlays:0:Policy:AttemptTimeout", timeout) : ($"{route}:AttemptTimeout", timeout));
            keys.Add(("Services:orders:Overlays:0:Policy:Retry:MaxAttempts", "2"));
            keys.Add(("Services:orders:Overlays:0:Scope:Instances:0", "web-7"));
            keys.Add(("Services:orders:Overlays:1:Policy:AttemptTimeout", "00:00:01"));
            keys.Add(("Services:orders:Overlays:1:Scope:Instances:0", "web-8"));
        }
        else
        {
            keys.Add(("Services:orders:AttemptTimeout", timeout));
        }

        return [.. keys];

        void Endpoint(int index, string host, string label)
        {
            keys.Add(($"Services:orders:Endpoints:{Text(index)}:Address", $"http://{host}:80"));
            keys.Add(($"Services:orders:Endpoints:{Text(index)}:Labels:version", label));
        }
    }

    public static bool IsRouted(int version) => version % WithoutRoute != 0;

    /// <summary>Whether its route leads to another service.</summary>
    public static bool IsElsewhere(int version) => IsRouted(version) && version % 4 > 1;

    public static string HostOf(int version) => $"e{Text(version % 7)}";

    public static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
