using System.Collections.Immutable;
using Mesh.Client.Options;
using Mesh.Client.Options.Documents;
using Mesh.Client.Retries;
using Mesh.Client.Telemetry;
using Microsoft.Extensions.Logging;

namespace Mesh.Client.Policies;

/// <summary>Follows one source of policies for the life of the process, whatever becomes of it. Nobody waits for it.</summary>
internal sealed class PolicyWatch(Func<IPolicySource> create, Action onAnswer, PolicyCopy copy, TimeProvider clock, Random random, ILogger logger)
{
    /// <summary>A set with more documents is refused as a whole.</summary>
    public const int MaxDocuments = 10_000;

    /// <summary>A set with more characters is refused as a whole: the configuration would not hold it.</summary>
    public const int MaxCharacters = 16 * 1024 * 1024;

    private static readonly TimeSpan FirstRestart = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan SlowestRestart = TimeSpan.FromSeconds(30);

    private IPolicySource? _source;
    private volatile string? _error;
    private readonly Lock _lock = new();
    private long _answeredAt = long.MinValue;
    private bool _answered;

    public SourceDocuments Documents { get; } = new();

    public PolicySourceStatus Status => new()
    {
        Name = Documents.Name,
        Age = Volatile.Read(ref _answeredAt) is var at and not long.MinValue ? clock.GetElapsedTime(at) : null,
        Error = _error,
        Documents = Documents.Status,
    };

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        for (int failures = 1; !cancellationToken.IsCancellationRequested; failures++)
        {
            long started = clock.GetTimestamp();
            Exception error;
            try
            {
                if (_source is null)
                {
                    // Here and not at start: a source may need what needs the mesh.
                    _source = create();
                    Documents.Name = _source.Name;
                    Documents.OnGood = Keep;
                    _ = Task.Run(Restore, cancellationToken);
                }

                await foreach (PolicyDocuments documents in _source.WatchAsync(cancellationToken).ConfigureAwait(false))
                {
                    Take(documents);
                }

                error = new InvalidOperationException("the source ended its watch");
            }
            catch (Exception) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception thrown)
            {
                error = thrown;
            }

            // One that breaks off right after each answer waits longer each time.
            failures = clock.GetElapsedTime(started) >= SlowestRestart ? 1 : failures;
            _error = error.Message;
            if (failures == 1)
            {
                EngineLog.PolicySourceFailed(logger, Documents.Name, error);
            }
            else
            {
                EngineLog.PolicySourceStillFails(logger, Documents.Name, error.Message);
            }

            TimeSpan wait = FirstRestart + Backoff.FullJitter(failures + 1, FirstRestart, SlowestRestart, random);
            await Task.Delay(wait, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <exception cref="InvalidDataException">The answer cannot be used.</exception>
    private void Take(PolicyDocuments documents)
    {
        if (documents is null || documents.Documents.IsDefault || documents.Documents.Any(static d => d is null or { Key: null } or { Json: null }))
        {
            throw new InvalidDataException("it answered with null; PolicyDocuments.None says that there is no document");
        }

        if (documents.Documents.Length > MaxDocuments)
        {
            throw new InvalidDataException($"it has {documents.Documents.Length} documents, more than {MaxDocuments}; write the policies of several services into one");
        }

        if (documents.Documents.Sum(static d => (long)d.Json.Length) > MaxCharacters)
        {
            throw new InvalidDataException($"its documents have more than {MaxCharacters} characters; delete what does not belong there");
        }

        bool failed = _error is not null;
        _error = null;
        Volatile.Write(ref _answeredAt, clock.GetTimestamp());
        if (failed)
        {
            EngineLog.PolicySourceAnswers(logger, Documents.Name);
        }

        lock (_lock)
        {
            _answered = true;
            Documents.Latest = documents;
        }

        onAnswer();
    }

    /// <summary>Begins with what an earlier process kept, unless the source was faster.</summary>
    private void Restore()
    {
        if (copy.Read(Documents.Name) is not { } kept)
        {
            return;
        }

        lock (_lock)
        {
            if (_answered)
            {
                return;
            }

            Documents.Latest = kept;
        }

        onAnswer();
        EngineLog.PoliciesRestored(logger, Documents.Name, kept.Documents.Length);
    }

    private void Keep(ImmutableArray<PolicyDocument> good)
    {
        bool answered;
        lock (_lock)
        {
            answered = _answered;
        }

        if (answered)
        {
            copy.Keep(Documents.Name, good);
        }
    }
}
