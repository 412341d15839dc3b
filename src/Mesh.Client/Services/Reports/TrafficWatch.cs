using Mesh.Client.Nodes;
using Mesh.Client.Traffic;

namespace Mesh.Client.Services;

/// <summary>Has traffic measured for as long as somebody looks, and no longer: calls pay nothing for nobody.</summary>
internal sealed class TrafficWatch : IDisposable
{
    private readonly Lock _lock = new();
    private readonly MeshServices _services;
    private readonly ITimer _end;
    private long _until;
    private bool _isOn;

    public TrafficWatch(MeshServices services)
    {
        _services = services;
        using AsyncFlowControl? flow = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
        _end = services.Engine.Clock.CreateTimer(static w => ((TrafficWatch)w!).End(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private TimeProvider Clock => _services.Engine.Clock;

    /// <summary>Measures from now on, for as long as is said here or was said before.</summary>
    public void Measure(TimeSpan time)
    {
        lock (_lock)
        {
            long now = Clock.GetTimestamp();
            long until = now + _services.Engine.Ticks(time);
            if (!_isOn || until > _until)
            {
                _until = until;
                _end.Change(time, Timeout.InfiniteTimeSpan);
            }

            _isOn = true;
            _services.Engine.Inbound.Callers ??= new CallerTable(Clock.TimestampFrequency);
        }

        Spread();
    }

    /// <summary>Measures the endpoints that came since, where somebody looks.</summary>
    public void Spread()
    {
        lock (_lock)
        {
            if (_isOn)
            {
                long now = Clock.GetTimestamp();
                foreach (EndpointNode node in Nodes())
                {
                    node.Traffic ??= new TrafficMeter(Clock.TimestampFrequency, now);
                }
            }
        }
    }

    public void Dispose() => _end.Dispose();

    private void End()
    {
        lock (_lock)
        {
            TimeSpan left = Clock.GetElapsedTime(Clock.GetTimestamp(), _until);
            if (left > TimeSpan.Zero)
            {
                _end.Change(left, Timeout.InfiniteTimeSpan);
                return;
            }

            _isOn = false;
            _services.Engine.Inbound.Callers = null;
            foreach (EndpointNode node in Nodes())
            {
                node.Traffic = null;
            }
        }
    }

    private IEnumerable<EndpointNode> Nodes() => _services.InUse.SelectMany(static s => s.Snapshot?.Nodes ?? []);
}
