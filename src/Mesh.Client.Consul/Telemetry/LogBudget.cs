namespace Mesh.Client.Consul.Telemetry;

/// <summary>Lets a line through every so often, whoever asks: what goes wrong for one service goes wrong for a thousand.</summary>
internal sealed class LogBudget(TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private const int Burst = 5;

    private readonly Lock _lock = new();
    private double _tokens = Burst;
    private long _counted = clock.GetTimestamp();

    public bool TryTake()
    {
        lock (_lock)
        {
            long now = clock.GetTimestamp();
            _tokens = Math.Min(Burst, _tokens + (clock.GetElapsedTime(_counted, now) / Interval));
            _counted = now;
            if (_tokens < 1)
            {
                return false;
            }

            _tokens--;
            return true;
        }
    }
}
