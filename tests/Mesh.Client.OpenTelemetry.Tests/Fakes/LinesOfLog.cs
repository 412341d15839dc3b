using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Mesh.Client.OpenTelemetry.Tests.Fakes;

/// <summary>Keeps the lines of the access log with their fields.</summary>
internal sealed class LinesOfLog : ILoggerProvider
{
    private readonly ConcurrentQueue<LogEntry> _lines = new();

    public LogEntry[] Lines => [.. _lines];

    public ILogger CreateLogger(string categoryName) => new Keeper(categoryName, _lines);

    public void Dispose()
    {
    }

    private sealed class Keeper(string category, ConcurrentQueue<LogEntry> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (category == "Mesh.Client.AccessLog")
            {
                var fields = ((IEnumerable<KeyValuePair<string, object?>>)state!).ToDictionary(static f => f.Key, static f => f.Value);
                lines.Enqueue(new LogEntry(eventId, logLevel, formatter(state, exception), fields));
            }
        }
    }
}
