namespace Mesh.Agent.Admin.Services;

/// <summary>An endpoint, as one sees it who chooses by itself.</summary>
internal sealed record EndpointItem
{
    public required string Address { get; init; }

    /// <summary>The only scheme that it serves; absent for both.</summary>
    public string? Scheme { get; init; }

    public int Weight { get; init; }

    public required string Region { get; init; }

    public required string Zone { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Whether the agent itself would call it now.</summary>
    public bool Usable { get; init; }

    /// <summary>Its condition in the admin API's word.</summary>
    public required string Condition { get; init; }
}
