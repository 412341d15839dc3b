using Mesh.Client.Telemetry;
using Microsoft.Extensions.Logging;

namespace Mesh.Client.Discovery.Cache;

/// <summary>
/// The last good answers on disk, read and written in the background. One task reads and one writes, so that a disk that hangs holds up two
/// threads and nobody else; of each service only the newest answer waits to be written.
/// </summary>
/// <param name="store">The folder.</param>
/// <param name="folder">The path of the folder as the configuration has it now; empty keeps nothing.</param>
/// <param name="clock">The clock.</param>
/// <param name="logger">Where a disk that hangs is said.</param>
internal sealed class EndpointCache(CacheStore store, Func<string> folder, TimeProvider clock, ILogger logger) : IDisposable
{
    /// <summary>An answer that did not change is written again when the file is this old.</summary>
    public static readonly TimeSpan Refresh = TimeSpan.FromMinutes(10);

    /// <summary>Between two writes of one service at least.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>A disk that takes longer for one file is not asked any more until it answers.</summary>
    public static readonly TimeSpan Hang = TimeSpan.FromSeconds(1);

    private const int MaxWaiting = CacheStore.MaxFiles;

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Queue<(string Service, TaskCompletionSource<CachedAnswer?> Answer)> _readers = [];
    private readonly Dictionary<string, CachedAnswer?> _waiting = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CachedAnswer> _written = new(StringComparer.Ordinal);
    private string _writtenTo = "";
    private bool _reads;
    private bool _writes;
    private long? _readingSince;
    private bool _hung;

    /// <summary>Whether answers are kept at all.</summary>
    public bool IsOn => folder().Length > 0;

    /// <summary>Reads the last good answer about a service.</summary>
    /// <returns>The answer; <see langword="null"/> where there is none, or the disk hangs.</returns>
    public Task<CachedAnswer?> ReadAsync(string service)
    {
        if (!IsOn)
        {
            return Task.FromResult<CachedAnswer?>(null);
        }

        var answer = new TaskCompletionSource<CachedAnswer?>(TaskCreationOptions.RunContinuationsAsynchronously);
        bool hangs;
        bool begin = false;
        lock (_lock)
        {
            hangs = _readers.Count >= MaxWaiting || (_readingSince is { } since && clock.GetElapsedTime(since) > Hang);
            if (!hangs)
            {
                _readers.Enqueue((service, answer));
                begin = !_reads;
                _reads = true;
            }
        }

        if (hangs)
        {
            answer.SetResult(null);
            SayThatItHangs();
        }
        else if (begin)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static cache => cache.ReadAll(), this, preferLocal: false);
        }

        return answer.Task;
    }

    /// <summary>Keeps the last good answer about a service; it takes the place of one that was not written yet.</summary>
    public void Write(string service, CachedAnswer answer) => Lay(service, answer);

    /// <summary>Forgets a service.</summary>
    public void Remove(string service) => Lay(service, null);

    /// <summary>What waits to be written is written once more, in the background.</summary>
    public void Dispose() => _end.Cancel();

    private void Lay(string service, CachedAnswer? answer)
    {
        if (!IsOn)
        {
            return;
        }

        lock (_lock)
        {
            if (_waiting.Count >= MaxWaiting && !_waiting.ContainsKey(service))
            {
                return;
            }

            _waiting[service] = answer;
            if (_writes)
            {
                return;
            }

            _writes = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static cache => _ = cache.WriteAllAsync(), this, preferLocal: false);
    }

    private void ReadAll()
    {
        while (true)
        {
            (string Service, TaskCompletionSource<CachedAnswer?> Answer) reader;
            lock (_lock)
            {
                _readingSince = null;
                if (!_readers.TryDequeue(out reader))
                {
                    _reads = false;
                    return;
                }

                _readingSince = clock.GetTimestamp();
            }

            CachedAnswer? answer = null;
            try
            {
                answer = store.Read(folder(), reader.Service);
            }
            catch (Exception)
            {
                // The store reports what went wrong; only the user's logger is left to throw, and that must not end the reading.
            }

            reader.Answer.SetResult(answer);
        }
    }

    private async Task WriteAllAsync()
    {
        while (true)
        {
            string[] services;
            lock (_lock)
            {
                services = [.. _waiting.Keys];
                if (services.Length == 0)
                {
                    _writes = false;
                    return;
                }
            }

            foreach (string service in services)
            {
                try
                {
                    WriteOne(service, folder());
                }
                catch (Exception)
                {
                    // As in ReadAll.
                }
            }

            await Task.Delay(Pause, clock, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void WriteOne(string service, string path)
    {
        CachedAnswer? answer;
        lock (_lock)
        {
            _waiting.Remove(service, out answer);
        }

        if (_writtenTo != path || _written.Count >= MaxWaiting)
        {
            _writtenTo = path;
            _written.Clear();
        }

        if (path.Length == 0)
        {
            return;
        }

        if (answer is null)
        {
            _written.Remove(service);
            store.Remove(path, service);
        }
        else if ((!_written.TryGetValue(service, out CachedAnswer? before) || !IsSame(before, answer)) && store.Write(path, service, answer))
        {
            _written[service] = answer;
        }
    }

    private static bool IsSame(CachedAnswer before, CachedAnswer answer) =>
        before.Source == answer.Source && before.Doubted == answer.Doubted && answer.AsOf - before.AsOf < Refresh
        && (before.Set == answer.Set || before.Set.Endpoints.AsSpan().SequenceEqual(answer.Set.Endpoints.AsSpan()));

    private void SayThatItHangs()
    {
        if (!Interlocked.Exchange(ref _hung, true))
        {
            CacheLog.DiskHangs(logger, folder(), Hang);
        }
    }
}
