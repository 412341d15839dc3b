using Mesh.Client.Model;

namespace Mesh.Client.Discovery.Cache;

/// <summary>The last good answer about a service.</summary>
/// <param name="Source">The source that gave it.</param>
/// <param name="Set">The endpoints, at least one.</param>
/// <param name="AsOf">When the source was last known to stand by it.</param>
/// <param name="Doubted">When the sources began to say that there is no endpoint, without being sure; <see langword="null"/> where they do not.</param>
internal sealed record CachedAnswer(string Source, EndpointSet Set, DateTimeOffset AsOf, DateTimeOffset? Doubted = null)
{
    /// <summary>What logs and errors call it: <c>Cache (Consul, 3 min old when read)</c>.</summary>
    public string Describe(DateTimeOffset now) => $"Cache ({Source}, {Age(now - AsOf)} old when read)";

    private static string Age(TimeSpan age) => age switch
    {
        { TotalMinutes: < 1 } => "less than 1 min",
        { TotalHours: < 1 } => $"{(int)age.TotalMinutes} min",
        { TotalDays: < 2 } => $"{(int)age.TotalHours} h",
        _ => $"{(int)age.TotalDays} days",
    };
}
