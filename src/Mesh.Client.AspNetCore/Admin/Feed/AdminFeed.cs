using System.Collections.Immutable;
using System.Text.Json;
using Mesh.Client.AspNetCore.Admin.Answers;
using Mesh.Client.Services;
using Mesh.Client.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mesh.Client.AspNetCore.Admin.Feed;

/// <summary>
/// Looks at the mesh once for all readers of the stream, every second and soon after each event, and only while there are readers. What changed in between is one change.
/// </summary>
internal sealed class AdminFeed
{
    /// <summary>So many readers are served at once.</summary>
    public const int MostReaders = 16;

    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Events that come together are told together.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private readonly IMeshStatus _status;
    private readonly RecentEvents _events;
    private readonly ILogger _logger;
    private volatile FeedFrame _frame = FeedFrame.None;
    private volatile TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile TaskCompletionSource _hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _readers;
    private bool _runs;

    /// <summary>Makes a feed that rests until somebody reads.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="stopping">The application stops.</param>
    public AdminFeed(IServiceProvider services, CancellationToken stopping)
    {
        _status = services.GetRequiredService<IMeshStatus>();
        _events = services.GetRequiredService<RecentEvents>();
        _logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Mesh.Client.Admin");
        Clock = MeshFactory.Clock(services);
        Began = Clock.GetUtcNow().ToUnixTimeMilliseconds();
        Stopping = stopping;
    }

    public TimeProvider Clock { get; }

    public CancellationToken Stopping { get; }

    /// <summary>By this its process is told from one before it, which counted other events.</summary>
    public long Began { get; }

    /// <summary>The number of the newest event.</summary>
    public long LastEvent => _events.Last;

    /// <summary>The events after one.</summary>
    public ImmutableArray<MeshEvent> EventsAfter(long number) => _events.After(number);

    /// <summary>Becomes a reader; whoever does must <see cref="Leave"/>.</summary>
    /// <param name="after">The first frame to read comes after the one of this number; what is older than the reader is out of date.</param>
    /// <returns>Whether there is room.</returns>
    public bool TryJoin(out long after)
    {
        lock (_lock)
        {
            after = _runs ? Math.Max(0, _frame.Number - 1) : _frame.Number;
            if (_readers >= MostReaders || Stopping.IsCancellationRequested)
            {
                return false;
            }

            _readers++;
            if (!_runs)
            {
                _runs = true;
                using AsyncFlowControl? flow = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
                _ = Task.Run(RunAsync, CancellationToken.None);
            }

            return true;
        }
    }

    public void Leave()
    {
        lock (_lock)
        {
            _readers--;
        }
    }

    /// <summary>Waits for a frame that comes after one.</summary>
    public async Task<FeedFrame> After(long number, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task next = _next.Task;
            if (_frame is { } frame && frame.Number > number)
            {
                return frame;
            }

            await next.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task RunAsync()
    {
        _events.Added += Hurry;
        try
        {
            while (HasReaders())
            {
                // Before it looks, so that what happens meanwhile is looked at again.
                _hurry = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                Look();
                await Wait(Pause, Stopping).ConfigureAwait(false);
                await _hurry.Task.WaitAsync(Interval - Pause, Clock, Stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            _events.Added -= Hurry;
        }
    }

    private Task Wait(TimeSpan time, CancellationToken cancellationToken) => Task.Delay(time, Clock, cancellationToken).ContinueWith(
        static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private void Hurry() => _hurry.TrySetResult();

    private bool HasReaders()
    {
        lock (_lock)
        {
            _runs = _readers > 0 && !Stopping.IsCancellationRequested;
            return _runs;
        }
    }

    private void Look()
    {
        try
        {
            _status.MeasureTraffic(AdminApi.Measured);
            ServiceAnswer[] services = ServiceAnswers.Of(_status.GetServices());
            FeedFrame before = _frame;
            long number = before.Number + 1;
            var parts = ImmutableDictionary.CreateBuilder<string, FeedPart>(StringComparer.Ordinal);
            foreach (ServiceAnswer service in services)
            {
                byte[] json = JsonSerializer.SerializeToUtf8Bytes(LiveAnswers.Still(service), AdminJson.Default.ServiceAnswer);
                parts[service.Id] = before.Services.TryGetValue(service.Id, out FeedPart? part) && part.Json.Span.SequenceEqual(json) ? part : new FeedPart(number, json);
            }

            byte[] live = JsonSerializer.SerializeToUtf8Bytes(LiveAnswers.Of(services, _status.GetServer(), Clock.GetUtcNow()), AdminJson.Default.LiveAnswer);
            _frame = new FeedFrame(number, parts.ToImmutable(), live);
        }
        catch (Exception error)
        {
            AdminLog.LookFailed(_logger, error);
        }

        TaskCompletionSource next = _next;
        _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        next.TrySetResult();
    }
}
