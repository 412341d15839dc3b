using System.Diagnostics.CodeAnalysis;
using StackExchange.Redis;

namespace Mesh.Client.Redis.Connections;

/// <summary>
/// The multiplexer: the application's own, or one made from the configuration. It is made in the background, again after a second where that failed; the mesh's own one also where it left
/// everything unanswered for too long. No caller's thread ever connects.
/// </summary>
internal sealed class RedisConnection(Func<IConnectionMultiplexer>? theirs, Func<RedisPolicy> policy, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan AnotherTry = TimeSpan.FromSeconds(1);
    private const int ReconnectMilliseconds = 500;

    private readonly Lock _lock = new();
    private Task<IConnectionMultiplexer>? _current;
    private long _began;
    private bool _isDisposed;

    /// <summary>The multiplexer, connected or not.</summary>
    public Task<IConnectionMultiplexer> GetAsync()
    {
        Task<IConnectionMultiplexer>? current = Volatile.Read(ref _current);
        if (current is { IsCompletedSuccessfully: true })
        {
            return current;
        }

        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_current is null || ((_current.IsFaulted || _current.IsCanceled) && clock.GetElapsedTime(_began) >= AnotherTry))
            {
                _current = Begin_NeedsLock();
            }

            return _current;
        }
    }

    /// <summary>Gives up the mesh's own connection and makes another. The application's own is left alone.</summary>
    /// <returns>Whether there is another.</returns>
    public bool Renew()
    {
        if (theirs is not null)
        {
            return false;
        }

        Task<IConnectionMultiplexer>? last;
        lock (_lock)
        {
            if (_isDisposed)
            {
                return false;
            }

            last = _current;
            _current = Begin_NeedsLock();
        }

        _ = Task.Run(() => CloseAsync(last));
        return true;
    }

    public void Dispose()
    {
        Task<IConnectionMultiplexer>? last;
        lock (_lock)
        {
            (_isDisposed, last) = (true, _current);
        }

        if (theirs is null)
        {
            _ = Task.Run(() => CloseAsync(last));
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "It is given up: nobody asks how it went.")]
    private static async Task CloseAsync(Task<IConnectionMultiplexer>? connection)
    {
        try
        {
            if (connection is not null)
            {
                await (await connection.ConfigureAwait(false)).CloseAsync(allowCommandsToComplete: false).ConfigureAwait(false);
            }
        }
        catch (Exception)
        {
            return;
        }
    }

    private Task<IConnectionMultiplexer> Begin_NeedsLock()
    {
        _began = clock.GetTimestamp();
        Task<IConnectionMultiplexer> begun = theirs is null ? Task.Run(ConnectAsync) : Task.Run(theirs);
        _ = begun.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return begun;
    }

    private async Task<IConnectionMultiplexer> ConnectAsync()
    {
        ConfigurationOptions options = ConfigurationOptions.Parse(policy().Configuration);
        options.AbortOnConnectFail = false;
        options.ReconnectRetryPolicy = new LinearRetry(ReconnectMilliseconds);
        return await ConnectionMultiplexer.ConnectAsync(options).ConfigureAwait(false);
    }
}
