using System.Collections.Immutable;

namespace Mesh.Client.Explaining;

/// <summary>What would become of a request.</summary>
public sealed record MeshExplanation
{
    /// <summary>Whether the host is a service of the mesh. Otherwise the request goes to the handler that the client had before, untouched.</summary>
    public required bool IsService { get; init; }

    /// <summary>The service's logical name; the host where it is no service.</summary>
    public required string Service { get; init; }

    /// <summary>What stands in the way before any route is looked at, or why the host is no service; empty where nothing does.</summary>
    public string Problem { get; init; } = "";

    /// <summary>The lane that the request is in; <see langword="null"/> for none.</summary>
    public string? Lane { get; init; }

    /// <summary>The routes of the service in their order, up to the one that is sure to match.</summary>
    public ImmutableArray<RouteExplanation> Routes { get; init; } = [];

    /// <summary>What may become of the request: one outcome where nothing is left to chance. Their probabilities add up to 1.</summary>
    public ImmutableArray<OutcomeExplanation> Outcomes { get; init; } = [];
}
