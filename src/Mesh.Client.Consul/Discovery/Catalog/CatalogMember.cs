using System.Threading.Channels;

namespace Mesh.Client.Consul.Discovery.Catalog;

/// <summary>A service without a blocking query of its own: it is told when to look.</summary>
internal sealed class CatalogMember(string name, CatalogWatch watch, TimeProvider clock) : IDisposable
{
    // A wake-up, not a queue. What comes while the service is being read leads to one more look.
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>The name of the service in Consul.</summary>
    public string Name => name;

    /// <summary>What its last answer said; <see langword="null"/> where it has none, and will look by itself.</summary>
    public CatalogMarks? Marks { get; set; }

    public void Look() => _wake.Writer.TryWrite(true);

    /// <summary>Waits until there is something to look at; at most until the next round of looks, which finds what the watch may have missed.</summary>
    /// <returns>Whether it was told to look.</returns>
    public async Task<bool> WaitAsync(TimeSpan refresh, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(refresh, clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await _wake.Reader.ReadAsync(end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    public void Dispose() => watch.Leave(this);
}
