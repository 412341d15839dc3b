using Mesh.Client.Redis.Connections;
using Microsoft.Extensions.Logging;

namespace Mesh.Client.Redis.Telemetry;

/// <summary>Notes when Redis stops answering and when it answers again. Of an outage the first failure is logged, and of outages that follow one another closely one every ten seconds.</summary>
internal sealed class OutageLog(TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private long _began;
    private long _lastTold;
    private bool _isOut;
    private bool _wasTold;
    private bool _isTold;
    private int _isOutFast;

    /// <summary>For how long nothing was answered; zero where Redis is well.</summary>
    public TimeSpan Silence(long now)
    {
        if (Volatile.Read(ref _isOutFast) == 0)
        {
            return TimeSpan.Zero;
        }

        lock (_lock)
        {
            return _isOut ? clock.GetElapsedTime(_began, now) : TimeSpan.Zero;
        }
    }

    public void Failed(RedisTripException error)
    {
        lock (_lock)
        {
            if (_isOut)
            {
                return;
            }

            long now = clock.GetTimestamp();
            (_isOut, _began) = (true, now);
            Volatile.Write(ref _isOutFast, 1);
            _isTold = !_wasTold || clock.GetElapsedTime(_lastTold, now) >= Interval;
            if (!_isTold)
            {
                return;
            }

            (_wasTold, _lastTold) = (true, now);
        }

        RedisLog.OutageBegan(logger, error.Message);
    }

    public void Answered()
    {
        if (Volatile.Read(ref _isOutFast) == 0)
        {
            return;
        }

        TimeSpan outage;
        lock (_lock)
        {
            if (!_isOut)
            {
                return;
            }

            _isOut = false;
            Volatile.Write(ref _isOutFast, 0);
            if (!_isTold)
            {
                return;
            }

            outage = clock.GetElapsedTime(_began);
        }

        RedisLog.OutageOver(logger, outage);
    }

    /// <summary>Counts the silence anew, because another connection is made.</summary>
    public void Reconnecting(TimeSpan silence)
    {
        lock (_lock)
        {
            _began = clock.GetTimestamp();
        }

        RedisLog.Reconnecting(logger, silence);
    }
}
