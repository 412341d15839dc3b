namespace Mesh.Client.Options.Tree;

/// <summary>Which keys are lists.</summary>
internal static class ListPositions
{
    /// <summary>In the <c>Mesh</c> section.</summary>
    public static bool InMesh(string[] parts, int depth)
    {
        if (depth == 2 && Is(parts[0], nameof(MeshOptions.Discovery)))
        {
            return Is(parts[1], nameof(DiscoveryOptions.Sources));
        }

        if (depth == 2 && Is(parts[0], nameof(MeshOptions.Server)))
        {
            return Is(parts[1], nameof(ServerOptions.TrustedNetworks)) || Is(parts[1], nameof(ServerOptions.TrustedProxies))
                || Is(parts[1], nameof(ServerOptions.Access)) || Is(parts[1], nameof(ServerOptions.RateLimits));
        }

        int service = Is(parts[0], nameof(MeshOptions.Defaults)) ? 1 : Is(parts[0], nameof(MeshOptions.Services)) ? 2 : depth;
        return (depth - service) switch
        {
            1 => Is(parts[service], nameof(ServiceOptions.Endpoints)) || Is(parts[service], nameof(ServiceOptions.RateLimits))
                || Is(parts[service], nameof(ServiceOptions.Routes)) || Is(parts[service], nameof(ServiceOptions.Overlays)),
            2 => (Is(parts[service], nameof(ServiceOptions.Retry)) && Is(parts[service + 1], nameof(RetryOptions.On)))
                || (Is(parts[service], nameof(ServiceOptions.Lanes)) && Is(parts[service + 1], nameof(LaneOptions.Strict))),
            _ => false,
        };
    }

    /// <summary>In the <c>services</c> section of .NET Aspire: <c>{name}:{scheme}</c>.</summary>
    public static bool InAspire(string[] parts, int depth) => depth == 2;

    /// <summary>None, as <see cref="Microsoft.Extensions.Configuration.IConfiguration"/> itself sees it.</summary>
    public static bool None(string[] parts, int depth) => false;

    private static bool Is(string part, string name) => string.Equals(part, name, StringComparison.OrdinalIgnoreCase);
}
