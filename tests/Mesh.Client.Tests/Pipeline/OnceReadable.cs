namespace Mesh.Client.Tests.Pipeline;

/// <summary>A sequence that gives its items once and is empty afterwards, as a queue is.</summary>
internal sealed class OnceReadable<T>(IEnumerable<T> items) : IAsyncEnumerable<T>
{
    private readonly Queue<T> _items = new(items);

    public async IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        while (_items.TryDequeue(out T? item))
        {
            yield return item;
        }
    }
}
