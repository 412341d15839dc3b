using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Mesh.Agent.Metrics;

/// <summary>Listens to the meters of the agent's mesh and of the runtime, from the first time that somebody asks on: until then calls pay nothing for it.</summary>
/// <param name="takes">Which meters count: those of other applications in the process do not.</param>
internal sealed class MetricsCollector(Func<Meter, bool> takes) : IDisposable
{
    /// <summary>The figures of the process itself.</summary>
    public const string RuntimeMeter = "System.Runtime";

    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<Instrument, InstrumentSeries> _instruments = new();
    private MeterListener? _listener;
    private bool _isDisposed;

    /// <summary>Asks the instruments that want to be asked, and says what all of them know. One asks at a time.</summary>
    /// <param name="read">Takes the instruments, in the order of their names.</param>
    public void Collect(Action<IReadOnlyList<InstrumentSeries>> read)
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            _listener ??= Listen();
            foreach (InstrumentSeries instrument in _instruments.Values)
            {
                instrument.Begin();
            }

            try
            {
                _listener.RecordObservableInstruments();
            }
            catch (AggregateException)
            {
                // One instrument that fails keeps no other from being told.
            }

            read([.. _instruments.Values.OrderBy(static i => i.Instrument.Name, StringComparer.Ordinal)]);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _listener?.Dispose();
        }
    }

    private MeterListener Listen()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (takes(instrument.Meter) && InstrumentSeries.KindOf(instrument) is { } kind)
                {
                    self.EnableMeasurementEvents(instrument, _instruments.GetOrAdd(instrument, static (i, k) => new InstrumentSeries(i, k), kind));
                }
            },
            MeasurementsCompleted = (instrument, _) => _instruments.TryRemove(instrument, out InstrumentSeries? _),
        };
        listener.SetMeasurementEventCallback<byte>(static (_, value, tags, state) => Take(state, value, tags));
        listener.SetMeasurementEventCallback<short>(static (_, value, tags, state) => Take(state, value, tags));
        listener.SetMeasurementEventCallback<int>(static (_, value, tags, state) => Take(state, value, tags));
        listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => Take(state, value, tags));
        listener.SetMeasurementEventCallback<float>(static (_, value, tags, state) => Take(state, value, tags));
        listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => Take(state, value, tags));
        listener.SetMeasurementEventCallback<decimal>(static (_, value, tags, state) => Take(state, (double)value, tags));
        listener.Start();
        return listener;
    }

    private static void Take(object? state, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => ((InstrumentSeries)state!).Take(value, tags);
}
