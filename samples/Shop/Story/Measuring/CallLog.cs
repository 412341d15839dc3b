using System.Diagnostics;

namespace Shop.Story.Measuring;

/// <summary>All pages of the run.</summary>
internal sealed class CallLog(RunClock clock)
{
    private readonly Lock _lock = new();
    private readonly List<Call> _calls = [];

    /// <summary>Looks at a page and notes what came of it.</summary>
    public async Task TakeAsync(int id, Func<Task<Page>> look)
    {
        long started = Stopwatch.GetTimestamp();
        try
        {
            Add(id, await look(), error: null, started);
        }
        catch (Exception error)
        {
            Add(id, page: null, error, started);
        }
    }

    /// <summary>Those that ended after a moment.</summary>
    public CallWindow Since(TimeSpan from)
    {
        lock (_lock)
        {
            return new CallWindow([.. _calls.Where(c => c.At >= from)]);
        }
    }

    private void Add(int id, Page? page, Exception? error, long started)
    {
        var done = new Call(clock.Now, id, page, error is null ? null : $"{error.GetType().Name}: {error.Message}", Stopwatch.GetElapsedTime(started));
        lock (_lock)
        {
            _calls.Add(done);
        }
    }
}
