using Mesh.Client.Model;

namespace Mesh.Client.Discovery.Cache;

/// <summary>An endpoint as a cache file writes it; what it has by default is left out.</summary>
internal sealed record CachedEndpoint
{
    public string? Host { get; init; }

    public int Port { get; init; }

    public string? Scheme { get; init; }

    public int? Weight { get; init; }

    public string? Region { get; init; }

    public string? Zone { get; init; }

    public Dictionary<string, string>? Labels { get; init; }

    public string? Id { get; init; }

    public static CachedEndpoint Of(MeshEndpoint endpoint) => new()
    {
        Host = endpoint.Host,
        Port = endpoint.Port,
        Scheme = endpoint.Scheme,
        Weight = endpoint.Weight == 1 ? null : endpoint.Weight,
        Region = endpoint.Locality.Region.Length == 0 ? null : endpoint.Locality.Region,
        Zone = endpoint.Locality.Zone.Length == 0 ? null : endpoint.Locality.Zone,
        Labels = endpoint.Labels.Count == 0 ? null : new(endpoint.Labels, StringComparer.Ordinal),
        Id = endpoint.Id,
    };

    public MeshEndpoint ToEndpoint() => new(Host ?? "", Port)
    {
        Scheme = Scheme,
        Weight = Weight ?? 1,
        Locality = Region is null && Zone is null ? Locality.None : new Locality(Region ?? "", Zone ?? ""),
        Labels = Labels is null ? LabelSet.Empty : LabelSet.Create(Labels.Where(static l => l.Value is not null)),
        Id = Id,
    };
}
