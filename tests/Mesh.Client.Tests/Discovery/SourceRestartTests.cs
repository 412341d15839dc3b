using System.Collections.Concurrent;
using Mesh.Client.Discovery;
using Mesh.Client.Testing;
using Mesh.Client.Tests.Waiting;
using Microsoft.Extensions.Logging;

namespace Mesh.Client.Tests.Discovery;

/// <summary>Sources that fail, end or throw are started again with back-off.</summary>
public sealed class SourceRestartTests
{
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(30.2);

    private readonly ManualTimeProvider _clock = new();
    private readonly ConcurrentQueue<TimeSpan> _starts = new();
    private readonly CountingLogger _log = new();
    private readonly FakeSource _source = new("Registry");

    public SourceRestartTests() => _source.Started = () => _starts.Enqueue(_clock.GetUtcNow() - DateTimeOffset.UnixEpoch);

    [Fact]
    public async Task WatchAsync_ASourceThatAlwaysFails_IsStartedAgainWithGrowingWaits()
    {
        _source.First = static () => throw new IOException("down");

        TimeSpan[] waits = await RestartsAsync(40);

        Assert.All(waits, static w => Assert.InRange(w, Least, Most));
        Assert.InRange(waits[0], Least, TimeSpan.FromSeconds(0.7));
        Assert.InRange(waits[10..].Average(static w => w.TotalSeconds), 8, 22);
        Assert.Equal(1, _log.Count(LogLevel.Warning));
    }

    [Fact]
    public async Task WatchAsync_ASourceThatThrowsWhenItIsCalled_HasFailedLikeAnyOther()
    {
        _source.ThrowsAtCall = new InvalidOperationException("not set up");

        TimeSpan[] waits = await RestartsAsync(12);

        Assert.All(waits, static w => Assert.InRange(w, Least, Most));
    }

    [Fact]
    public async Task WatchAsync_ASourceThatEnds_IsStartedAgain()
    {
        _source.First = static () => FakeSource.Found(1);
        await using var follower = Follow();
        await Until.HoldsAsync(() => follower.LastAnswer is not null);

        _source.End();
        await Until.HoldsAsync(() => _source.Watching == 0);
        Assert.Equal(1, _source.Starts);
        await _clock.AdvanceUntilAsync(() => _source.Starts == 2, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);

        Assert.InRange(_starts.ElementAt(1) - _starts.First(), Least, TimeSpan.FromSeconds(0.7));
        Assert.Equal("Registry", follower.LastAnswer!.Source);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WatchAsync_ASourceThatAnswersOnceAndEndsOrFails_IsNotAskedWithoutPause(bool fails)
    {
        // A source without a watch of its own answers and ends. Asking it several times a second would load the registry, and the log.
        int answers = 0;
        _source.First = () => FakeSource.Found(++answers);
        _source.EndsAtOnce = !fails;
        if (fails)
        {
            for (int i = 0; i < 100; i++)
            {
                _source.Fail(new IOException("the stream broke"));
            }
        }

        TimeSpan[] waits = await RestartsAsync(40);

        Assert.InRange(waits[10..].Average(static w => w.TotalSeconds), 8, 22);
        Assert.Equal(1, _log.Count(LogLevel.Warning));
    }

    [Fact]
    public async Task WatchAsync_ASourceThatRanWellForAWhile_IsStartedAgainSoon()
    {
        _source.First = static () => throw new IOException("down");
        await using var follower = Follow();
        await RestartedAsync(12);
        _source.First = static () => FakeSource.Found(1);
        await RestartedAsync(1);
        await Until.HoldsAsync(() => follower.LastAnswer is not null);

        _clock.Advance(TimeSpan.FromMinutes(5));
        TimeSpan failed = _clock.GetUtcNow() - DateTimeOffset.UnixEpoch;
        _source.Fail(new IOException("down again"));
        await Until.HoldsAsync(() => _source.Watching == 0);
        await RestartedAsync(1);

        Assert.InRange(_starts.Last() - failed, Least, TimeSpan.FromSeconds(0.7));
        Assert.Equal(2, _log.Count(LogLevel.Warning));
    }

    [Fact]
    public async Task WatchAsync_ManyWatchesThatFailTogether_DoNotComeBackTogether()
    {
        _source.First = static () => throw new IOException("down");
        var sources = new OrderedSources([_source], _clock, new SeededRandom(3), _log);
        Follower[] followers = [.. Enumerable.Range(0, 50).Select(_ => new Follower(sources))];
        await Until.HoldsAsync(() => _source.Starts == 50 && _clock.ActiveTimers == 50);

        await _clock.AdvanceUntilAsync(() => _source.Starts >= 100, TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);

        Assert.InRange(_starts.Skip(50).Take(50).Distinct().Count(), 15, 50);
        foreach (Follower follower in followers)
        {
            await follower.DisposeAsync();
        }
    }

    private async Task<TimeSpan[]> RestartsAsync(int count)
    {
        await using var follower = Follow();
        await Until.HoldsAsync(() => _source.Starts == 1);
        await RestartedAsync(count);
        return [.. _starts.Zip(_starts.Skip(1), static (a, b) => b - a)];
    }

    private async Task RestartedAsync(int times)
    {
        for (int i = 0; i < times; i++)
        {
            int before = _source.Starts;
            await Until.HoldsAsync(() => _clock.ActiveTimers == 1);
            await _clock.AdvanceUntilAsync(() => _source.Starts > before, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        }
    }

    private Follower Follow() => new(new OrderedSources([_source], _clock, new SeededRandom(2), _log));

    private sealed class CountingLogger : ILogger
    {
        private readonly Lock _lock = new();
        private readonly List<LogLevel> _levels = [];

        public int Count(LogLevel level)
        {
            lock (_lock)
            {
                return _levels.Count(l => l == level);
            }
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_lock)
            {
                _levels.Add(logLevel);
            }
        }
    }
}
