using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Mesh.Client.Limits.Quotas;
using Mesh.Client.Redis.Connections;
using Mesh.Client.Redis.Telemetry;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Mesh.Client.Redis;

/// <summary>
/// Keeps the quotas of a fleet in Redis: a hash for each, changed by one script on the server's clock. Waits end with the trip's token, and while Redis answers nothing no more than a few hundred commands wait
/// for it.
/// </summary>
internal sealed class RedisQuotaStore : IQuotaStore, IDisposable
{
    /// <summary>The most commands that wait for an answer.</summary>
    public const int MaxOutstanding = 256;

    private const int MaxWords = 300;

    private readonly RedisConnection _connection;
    private readonly Func<RedisPolicy> _policy;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly OutageLog _outage;
    private int _outstanding;

    public RedisQuotaStore(Func<IConnectionMultiplexer>? theirs, Func<RedisPolicy> policy, TimeProvider clock, ILogger logger)
    {
        (_policy, _clock, _logger) = (policy, clock, logger);
        _connection = new RedisConnection(theirs, policy, clock);
        _outage = new OutageLog(clock, logger);
    }

    /// <summary>Commands that were sent and not answered.</summary>
    public int Outstanding => Volatile.Read(ref _outstanding);

    /// <summary>Begins to connect, in the background.</summary>
    public RedisQuotaStore Connect()
    {
        _ = _connection.GetAsync();
        return this;
    }

    /// <inheritdoc/>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever the client throws, Redis did not answer.")]
    public async ValueTask<QuotaGrant> TakeAsync(QuotaRequest request, CancellationToken cancellationToken)
    {
        RenewIfSilent();
        try
        {
            IConnectionMultiplexer connection = await _connection.GetAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            RedisPolicy policy = _policy();
            RedisKey[] keys = [TakeScript.Key(policy.KeyPrefix, request)];
            RedisValue[] arguments = TakeScript.Arguments(request);
            IDatabase database = connection.GetDatabase(policy.Database);
            RedisResult reply;
            try
            {
                reply = await RunAsync(database, keys, arguments, cancellationToken).ConfigureAwait(false);
            }
            catch (RedisServerException error) when (error.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
            {
                // The client has noticed, and loads the script with the next command.
                reply = await RunAsync(database, keys, arguments, cancellationToken).ConfigureAwait(false);
            }

            QuotaGrant grant = TakeScript.Grant(reply);
            _outage.Answered();
            return grant;
        }
        catch (Exception error)
        {
            RedisTripException told = error as RedisTripException ?? Tell(error);
            _outage.Failed(told);
            throw told;
        }
    }

    public void Dispose() => _connection.Dispose();

    private async Task<RedisResult> RunAsync(IDatabase database, RedisKey[] keys, RedisValue[] arguments, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _outstanding) > MaxOutstanding)
        {
            Interlocked.Decrement(ref _outstanding);
            throw new RedisTripException(string.Create(CultureInfo.InvariantCulture, $"{MaxOutstanding} commands wait for an answer of Redis already; no more are sent."));
        }

        Task<RedisResult> sent;
        try
        {
            sent = database.ScriptEvaluateAsync(TakeScript.Text, keys, arguments);
        }
        catch
        {
            Interlocked.Decrement(ref _outstanding);
            throw;
        }

        // Counted until the client knows what became of it, which may be long after the wait.
        _ = sent.ContinueWith(
            static (t, store) =>
            {
                Interlocked.Decrement(ref ((RedisQuotaStore)store!)._outstanding);
                _ = t.Exception;
            },
            this,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return await sent.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private void RenewIfSilent()
    {
        TimeSpan silence = _outage.Silence(_clock.GetTimestamp());
        if (silence >= _policy().SilenceTimeout && _connection.Renew())
        {
            _outage.Reconnecting(silence);
        }
    }

    // Messages of the client may show settings; a password in them is cut out.
    private RedisTripException Tell(Exception error)
    {
        if (error is OperationCanceledException)
        {
            return new RedisTripException("a command was not answered in time.");
        }

        string words = error.GetType().Name + ": " + error.Message.ReplaceLineEndings(" ");
        try
        {
            if (ConfigurationOptions.Parse(_policy().Configuration).Password is { Length: > 0 } password)
            {
                words = words.Replace(password, "***", StringComparison.Ordinal);
            }
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or FormatException)
        {
            words = error.GetType().Name;
        }

        return new RedisTripException(words.Length > MaxWords ? words[..MaxWords] + "…" : words);
    }
}
