using Microsoft.Extensions.Logging;

namespace Mesh.Client.OpenTelemetry.Tests.Fakes;

/// <summary>One line of the log.</summary>
/// <param name="Id">The event.</param>
/// <param name="Level">The level.</param>
/// <param name="Text">The line as people read it.</param>
/// <param name="Fields">Its fields.</param>
internal sealed record LogEntry(EventId Id, LogLevel Level, string Text, IReadOnlyDictionary<string, object?> Fields);
