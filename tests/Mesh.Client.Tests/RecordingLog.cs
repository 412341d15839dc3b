using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Mesh.Client.Tests;

/// <summary>Keeps what was logged, by event id.</summary>
internal sealed class RecordingLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<(int Id, LogLevel Level, string Message, Exception? Error)> _entries = new();

    /// <summary>The messages with an event id, in their order.</summary>
    public string[] Of(int id) => [.. _entries.Where(e => e.Id == id).Select(static e => e.Message)];

    /// <summary>The warnings and errors of the mesh, in their order.</summary>
    public string[] Warnings => [.. _entries.Where(static e => e.Level >= LogLevel.Warning && e.Id is >= 1000 and < 3000).Select(static e => e.Message)];

    /// <summary>The warnings and errors of everybody with their exceptions, a line each, for the message of a test that failed.</summary>
    public string Troubles => string.Join('\n', _entries.Where(static e => e.Level >= LogLevel.Warning).Select(static e => $"{e.Id} {e.Message} {e.Error}"));

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _entries.Enqueue((eventId.Id, logLevel, formatter(state, exception), exception));

    public void Dispose()
    {
    }
}
