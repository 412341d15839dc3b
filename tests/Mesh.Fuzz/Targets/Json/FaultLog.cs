using Microsoft.Extensions.Logging;

namespace Mesh.Fuzz.Targets.Json;

/// <summary>Keeps the last exception that was logged: one that the reader did not expect and caught all the same.</summary>
internal sealed class FaultLog : ILogger
{
    public Exception? Error { get; private set; }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        _ = formatter(state, exception);
        Error = exception ?? Error;
    }
}
