using Microsoft.Extensions.Logging;

namespace Mesh.Client.Tests;

/// <summary>A log whose disk is full once it is <see cref="IsFull"/>.</summary>
internal sealed class ThrowingLog : ILoggerProvider, ILogger
{
    private volatile bool _isFull;

    public bool IsFull
    {
        get => _isFull;
        set => _isFull = value;
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsFull)
        {
            throw new IOException("no space left on the log's disk");
        }
    }

    public void Dispose()
    {
    }
}
