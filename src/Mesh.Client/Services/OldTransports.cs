using System.Collections.Immutable;
using Mesh.Client.Nodes;

namespace Mesh.Client.Services;

/// <summary>Gives up connections that were made under other settings. One may be about to be used: it goes a little later.</summary>
internal sealed class OldTransports(TimeProvider clock, CancellationToken end)
{
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(10);

    /// <summary>Has the nodes connect anew.</summary>
    public void Renew(ImmutableArray<EndpointNode> nodes)
    {
        List<HttpMessageInvoker> old = [.. nodes.Select(static n => n.ResetTransport()).OfType<HttpMessageInvoker>()];
        if (old.Count > 0)
        {
            _ = DisposeLaterAsync(old);
        }
    }

    private async Task DisposeLaterAsync(List<HttpMessageInvoker> transports)
    {
        await Task.Delay(Linger, clock, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        transports.ForEach(static t => t.Dispose());
    }
}
