using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Mesh.Client.Model;
using Mesh.Client.Retries;
using Mesh.Client.Telemetry;
using Mesh.Client.Telemetry.Metrics;
using Microsoft.Extensions.Logging;

namespace Mesh.Client.Discovery;

/// <summary>
/// Asks the sources in their order. The first that knows a service speaks for it; a later one is asked only while all before it say that they
/// do not know it, or failed before they ever answered. A source that fails later keeps its word. Failed sources are started again with
/// back-off and full jitter.
/// </summary>
internal sealed class OrderedSources
{
    private static readonly TimeSpan FirstRestart = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan SlowestRestart = TimeSpan.FromSeconds(30);

    private readonly IReadOnlyList<IEndpointSource> _sources;
    private readonly TimeProvider _timeProvider;
    private readonly Random _random;
    private readonly ILogger _logger;
    private readonly MeshMetrics? _metrics;

    public OrderedSources(IReadOnlyList<IEndpointSource> sources, TimeProvider timeProvider, Random random, ILogger logger, MeshMetrics? metrics = null)
    {
        _sources = sources;
        _timeProvider = timeProvider;
        _random = random;
        _logger = logger;
        _metrics = metrics;
    }

    /// <summary>Whether a source is asked, and no answer that the configuration itself holds comes before it.</summary>
    /// <param name="source">The name of the source.</param>
    /// <param name="policy">The policy of the service.</param>
    public bool MaySpeak(string source, ServicePolicy policy) =>
        _sources.TakeWhile(s => policy.Endpoints.IsEmpty || s.Name != ConfigurationEndpointSource.SourceName).Any(s => s.Name == source);

    public bool HasSameOrder(OrderedSources other) => _sources.SequenceEqual(other._sources);

    /// <summary>Follows a service through all sources.</summary>
    public async IAsyncEnumerable<SourcedUpdate> WatchAsync(string serviceName, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A wake-up, not a queue: a slow reader sees the newest state of each source, and no backlog grows.
        Channel<bool> changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
        var states = _sources.Select(static s => new SourceState(s)).ToList();
        var life = new SourceLife();
        try
        {
            SourcedUpdate? previous = null;
            while (true)
            {
                lock (states)
                {
                    StartNeeded_NeedsLock(serviceName, states, changed.Writer, cancellationToken);
                }

                SourcedUpdate current = Judge(states) with { Life = life };
                life.Report = Report(states);
                if (current != previous)
                {
                    previous = current;
                    yield return current;
                }

                await changed.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            lock (states)
            {
                states.ForEach(static s => s.Dispose());
            }
        }
    }

    private void StartNeeded_NeedsLock(string serviceName, List<SourceState> states, ChannelWriter<bool> changed, CancellationToken cancellationToken)
    {
        bool needed = true;
        foreach (SourceState state in states)
        {
            if (needed && !state.IsWatched)
            {
                CancellationToken watch = state.Start(cancellationToken);
                _ = RunAsync(serviceName, state, states, changed, watch);
            }
            else if (!needed && state.IsWatched)
            {
                state.Stop();
            }

            needed = needed && state.PassesOn;
        }
    }

    private async Task RunAsync(string serviceName, SourceState state, List<SourceState> states, ChannelWriter<bool> changed, CancellationToken cancellationToken)
    {
        await Task.Yield();
        for (int failures = 1; !cancellationToken.IsCancellationRequested; failures++)
        {
            Exception? error = null;
            long started = _timeProvider.GetTimestamp();
            bool answered = false;
            var revisions = new RevisionOrder();
            try
            {
                await foreach (EndpointUpdate update in state.Source.WatchAsync(serviceName, cancellationToken).ConfigureAwait(false))
                {
                    if (update is SourceFailing { Error: not null } failing)
                    {
                        // It says so once for all its services, and has a back-off of its own.
                        EngineLog.SourceStillFails(_logger, state.Source.Name, serviceName, failing.Error.Message);
                        Set(null, failing.Error, "failed");
                        continue;
                    }

                    if (EndpointCheck.Fault(update, state.Last) is { } fault)
                    {
                        // The source is left running: what it says next may be good.
                        EngineLog.AnswerRefused(_logger, serviceName, state.Source.Name, fault);
                        Set(null, new InvalidDataException($"its answer cannot be used: {fault}"), "refused");
                        continue;
                    }

                    if (revisions.IsLate(update))
                    {
                        _metrics?.Update(serviceName, state.Source.Name, "late");
                        EngineLog.AnswerLate(_logger, serviceName, state.Source.Name, (update as EndpointsFound)?.Set.Revision);
                        continue;
                    }

                    // Whoever lists nothing without a word that this is meant may have lost its data.
                    answered = true;
                    Set(update is EndpointsFound { Set.Endpoints.IsEmpty: true } ? EndpointUpdate.Empty(confirmed: false) : update, null, WordOf(update));
                }

                error = new InvalidOperationException("the source ended its watch");
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception thrown)
            {
                error = thrown;
            }

            if (answered && _timeProvider.GetElapsedTime(started) >= SlowestRestart)
            {
                // It was well for a while; one that breaks off right after its answer is not, and waits longer each time.
                failures = 1;
            }

            Set(null, error, "failed");
            LogFailure(state.Source.Name, serviceName, error, isFirst: failures == 1);
            TimeSpan wait = FirstRestart + Backoff.FullJitter(failures + 1, FirstRestart, SlowestRestart, _random);
            try
            {
                await Task.Delay(wait, _timeProvider, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }

        void Set(EndpointUpdate? update, Exception? error, string result)
        {
            _metrics?.Update(serviceName, state.Source.Name, result);
            lock (states)
            {
                if (cancellationToken.IsCancellationRequested)
                {
                    return;
                }

                state.Last = update ?? state.Last;
                state.AnsweredAt = update is null ? state.AnsweredAt : _timeProvider.GetTimestamp();
                state.Error = error;
            }

            changed.TryWrite(true);
        }
    }

    private static string WordOf(EndpointUpdate update) => update switch
    {
        EndpointsFound { Set.Endpoints.IsEmpty: false } => "found",
        ServiceNotFound => "not_found",
        SourceFailing => "failed",
        _ => "empty",
    };

    // A source that stays dead says so once for each service, not at each restart.
    private void LogFailure(string source, string serviceName, Exception error, bool isFirst)
    {
        if (isFirst)
        {
            EngineLog.SourceFailed(_logger, source, serviceName, error);
        }
        else
        {
            EngineLog.SourceStillFails(_logger, source, serviceName, error.Message);
        }
    }

    private static SourcedUpdate Judge(List<SourceState> states)
    {
        lock (states)
        {
            bool failed = false;
            foreach (SourceState state in states)
            {
                if (state.Answers)
                {
                    return new SourcedUpdate(state.Last!, state.Source.Name, Describe(states)) { IsFailing = state.Error is not null };
                }

                if (!state.PassesOn)
                {
                    return new SourcedUpdate(null, "", Describe(states));
                }

                failed |= state.Last is null;
            }

            return new SourcedUpdate(failed ? null : EndpointUpdate.NotFound, "", Describe(states));
        }
    }

    private static SourceReport Report(List<SourceState> states)
    {
        lock (states)
        {
            SourceState? inForce = states.Find(static s => s.Answers);
            SourceState? failing = states.TakeWhile(s => s != inForce).Append(inForce).FirstOrDefault(static s => s?.Error is not null);
            return new SourceReport(inForce?.AnsweredAt, failing is null ? null : $"{failing.Source.Name}: {failing.Fault}");
        }
    }

    private static string Describe(List<SourceState> states) => states.Count == 0 ? "no source" : string.Join(", ", states);
}
