using System.Diagnostics.Metrics;
using Mesh.Client.Telemetry;

namespace Mesh.Chaos.Checks;

/// <summary>The calls that the library in this process did not send, by the reason that its telemetry says.</summary>
internal sealed class RejectionCount : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _counts = [];
    private readonly MeterListener _listener = new();

    public RejectionCount()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument is { Meter.Name: MeshTelemetry.MeterName, Name: "mesh.client.rejections" })
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, _) => Note(value, tags));
        _listener.Start();
    }

    public Dictionary<string, int> Counts
    {
        get
        {
            lock (_gate)
            {
                return new Dictionary<string, int>(_counts);
            }
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Note(long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string reason = "";
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            reason = tag.Key == "mesh.reason" ? $"{tag.Value}" : reason;
        }

        lock (_gate)
        {
            _counts[reason] = _counts.GetValueOrDefault(reason) + (int)value;
        }
    }
}
