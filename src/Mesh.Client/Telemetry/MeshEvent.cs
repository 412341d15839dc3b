using Microsoft.Extensions.Logging;

namespace Mesh.Client.Telemetry;

/// <summary>Something that happened to the mesh of this process, as its log tells it. Ids and names are those of the log.</summary>
public sealed record MeshEvent
{
    /// <summary>Its number: the next event has the next one. They begin anew with the process.</summary>
    public long Number { get; init; }

    /// <summary>When it happened.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>The id of its line in the log.</summary>
    public int Id { get; init; }

    /// <summary>Its name, such as <c>Ejected</c>.</summary>
    public string Name { get; init; } = "";

    /// <summary>How much it matters.</summary>
    public LogLevel Level { get; init; }

    /// <summary>The service that it is about; <see langword="null"/> where it is about none.</summary>
    public string? Service { get; init; }

    /// <summary>The endpoint that it is about, as <c>host:port</c>; <see langword="null"/> where it is about none.</summary>
    public string? Endpoint { get; init; }

    /// <summary>What happened, in words, at most 1000 characters. Values that a configuration was refused for are left out: the log has them.</summary>
    public string Text { get; init; } = "";
}
