using System.Collections.Immutable;
using Mesh.Client.Health;
using Mesh.Client.Model;
using Microsoft.Extensions.Logging;

namespace Quickstart.Measuring;

/// <summary>Listens to what the mesh logs: that is where breakers show themselves.</summary>
internal sealed class MeshLog(RunClock clock) : ILoggerProvider, ILogger
{
    // The ids are stable, and so are the names of the values.
    private const int EndpointEjected = 2005;
    private const int GateChanged = 2006;

    private ImmutableList<BreakerChange> _changes = [];

    /// <summary>What an endpoint's breaker did last before a moment; <see langword="null"/> where it has always been closed.</summary>
    public BreakerChange? LastChange(MeshEndpoint endpoint, TimeSpan before) =>
        Volatile.Read(ref _changes).LastOrDefault(c => c.Endpoint == endpoint.Authority && c.At < before);

    /// <summary>When an endpoint's breaker first went into a state after a moment.</summary>
    public BreakerChange? FirstChange(MeshEndpoint endpoint, BreakerState state, TimeSpan after) =>
        Volatile.Read(ref _changes).FirstOrDefault(c => c.Endpoint == endpoint.Authority && c.State == state && c.At >= after);

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Id is EndpointEjected or GateChanged && state is IEnumerable<KeyValuePair<string, object?>> values)
        {
            BreakerChange change = Read(values.ToDictionary());
            ImmutableInterlocked.Update(ref _changes, static (all, one) => all.Add(one), change);
        }
    }

    public void Dispose()
    {
        // It holds nothing that must be given back.
    }

    private BreakerChange Read(Dictionary<string, object?> values)
    {
        TimeSpan now = clock.Now;
        return new BreakerChange(
            now,
            (string)values["Endpoint"]!,
            values.TryGetValue("State", out object? state) ? Enum.Parse<BreakerState>((string)state!) : BreakerState.Open,
            (string)values["Reason"]!,
            values.TryGetValue("BreakTime", out object? time) ? now + (TimeSpan)time! : now);
    }
}
