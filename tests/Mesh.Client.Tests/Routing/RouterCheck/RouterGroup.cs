using System.Text.Json;

namespace Mesh.Client.Tests.Routing.RouterCheck;

/// <summary>Routes, and cases of calls to them.</summary>
internal sealed record RouterGroup
{
    /// <summary>The page of Envoy's documentation and the field that the cases are from.</summary>
    public required string Envoy { get; init; }

    /// <summary>The routes of the service <c>orders</c>, as they stand in a configuration.</summary>
    public required JsonElement Routes { get; init; }

    /// <summary>What the endpoints answer with, beside 200.</summary>
    public Dictionary<string, string> Answers { get; init; } = [];

    public required RouterCase[] Cases { get; init; }
}
