namespace Quickstart.Measuring;

/// <summary>All calls of the run. They are few enough to keep them all, so that any stretch of time can be looked at afterwards.</summary>
internal sealed class CallLog(RunClock clock)
{
    private readonly Lock _lock = new();
    private readonly List<Call> _calls = [];
    private int _failed;
    private int _retries;

    public int Failed => Volatile.Read(ref _failed);

    public int Retries => Volatile.Read(ref _retries);

    /// <summary>The first error that a caller got to see.</summary>
    public Exception? FirstError { get; private set; }

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _calls.Count;
            }
        }
    }

    public void Add(string instance, TimeSpan took) => Add(new Call(clock.Now, instance, took));

    public void AddFailure(Exception error, TimeSpan took)
    {
        FirstError ??= error;
        Interlocked.Increment(ref _failed);
        Add(new Call(clock.Now, Instance: null, took));
    }

    public void AddRetries(int count) => Interlocked.Add(ref _retries, count);

    /// <summary>The calls that ended within a stretch of time.</summary>
    public CallWindow Between(TimeSpan from, TimeSpan to)
    {
        lock (_lock)
        {
            return new CallWindow([.. _calls.Where(c => c.At >= from && c.At < to)], to - from);
        }
    }

    private void Add(Call call)
    {
        lock (_lock)
        {
            _calls.Add(call);
        }
    }
}
