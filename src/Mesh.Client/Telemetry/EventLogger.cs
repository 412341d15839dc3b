using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace Mesh.Client.Telemetry;

/// <summary>Hands what is logged on, and keeps what matters of it among the recent events, whatever the log is set to.</summary>
/// <param name="inner">The log.</param>
/// <param name="events">The recent events.</param>
/// <param name="clock">Tells when.</param>
internal sealed partial class EventLogger(ILogger inner, RecentEvents events, TimeProvider clock) : ILogger
{
    private const int MaxText = 1000;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Information and not LogLevel.None || inner.IsEnabled(logLevel);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        if (logLevel >= LogLevel.Information)
        {
            events.Add(Read(logLevel, eventId, state, exception, formatter(state, exception)));
        }

        if (inner.IsEnabled(logLevel))
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
        }
    }

    private MeshEvent Read<TState>(LogLevel level, EventId id, TState state, Exception? exception, string text)
    {
        var read = new MeshEvent { Time = clock.GetUtcNow(), Id = id.Id, Name = id.Name ?? "", Level = level };
        if (state is IReadOnlyList<KeyValuePair<string, object?>> values)
        {
            for (int i = 0; i < values.Count; i++)
            {
                read = values[i] switch
                {
                    ("Service", string service) => read with { Service = service },
                    ("Endpoint", string endpoint) => read with { Endpoint = endpoint },
                    _ => read,
                };
            }
        }

        text = RefusedValue().Replace(exception is null ? text : $"{text}: {exception.Message}", "");
        return read with { Text = text.Length > MaxText ? $"{text.AsSpan(0, char.IsHighSurrogate(text[MaxText - 2]) ? MaxText - 2 : MaxText - 1)}…" : text };
    }

    // What OptionErrors writes of a value that was refused: it may be a secret under a key that was mistyped.
    [GeneratedRegex(@" = "".*?""(?= (is|has|was|must|needs|cannot|threw)\b)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RefusedValue();
}
