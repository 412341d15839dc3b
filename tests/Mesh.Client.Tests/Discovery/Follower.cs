using Mesh.Client.Discovery;

namespace Mesh.Client.Tests.Discovery;

/// <summary>Reads what the ordered sources say, and may be made to read slowly.</summary>
internal sealed class Follower : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _lock = new();
    private readonly List<SourcedUpdate> _updates = [];
    private readonly Task _reading;

    public Follower(OrderedSources sources, Func<Task>? beforeEach = null) => _reading = Task.Run(() => ReadAsync(sources, beforeEach));

    public IReadOnlyList<SourcedUpdate> Updates
    {
        get
        {
            lock (_lock)
            {
                return [.. _updates];
            }
        }
    }

    public SourcedUpdate? Last => Updates is [.., var last] ? last : null;

    /// <summary>The last update that said something.</summary>
    public SourcedUpdate? LastAnswer => Updates.LastOrDefault(static u => u.Update is not null);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _reading;
    }

    private async Task ReadAsync(OrderedSources sources, Func<Task>? beforeEach)
    {
        try
        {
            await foreach (SourcedUpdate update in sources.WatchAsync("orders", _end.Token))
            {
                lock (_lock)
                {
                    _updates.Add(update);
                }

                if (beforeEach is not null)
                {
                    await beforeEach();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }
}
