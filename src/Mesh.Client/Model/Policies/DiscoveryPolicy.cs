using System.Collections.Immutable;

namespace Mesh.Client.Model;

/// <summary>Where endpoints come from and how long doubtful answers are held. Compiled from <c>Discovery</c>.</summary>
internal sealed record DiscoveryPolicy
{
    /// <summary>The names of the sources in the order they are asked; <see langword="default"/> where the configuration names none.</summary>
    public ImmutableArray<string> Sources { get; init; }

    public TimeSpan EmptyGrace { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan FirstResolveTimeout { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan DnsRefresh { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Where the last good answers are kept; <see langword="null"/> is a folder of this application's own under the user's local data, empty is nowhere.</summary>
    public string? CacheDirectory { get; init; }

    /// <summary>
    /// The first question of a service that the cache serves is put off by a random time up to this, so that the clients of a fleet that restarts
    /// do not ask the registry all at once; 0 asks at once.
    /// </summary>
    public TimeSpan FirstResolveSpread { get; init; } = TimeSpan.FromSeconds(1);
}
