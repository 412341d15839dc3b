using System.Collections.Immutable;
using Mesh.Client.Nodes;

namespace Mesh.Client.Services;

/// <summary>Replaces connections whose settings have changed. One made under the old settings may be about to be used: it goes a little later.</summary>
internal static class OldTransports
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(10);

    public static void Renew(ImmutableArray<EndpointNode> nodes, TimeProvider clock, CancellationToken end)
    {
        List<HttpMessageInvoker> old = [.. nodes.Select(static n => n.ResetTransport()).OfType<HttpMessageInvoker>()];
        if (old.Count > 0)
        {
            _ = DisposeLaterAsync(old, clock, end);
        }
    }

    private static async Task DisposeLaterAsync(List<HttpMessageInvoker> transports, TimeProvider clock, CancellationToken end)
    {
        await Task.Delay(Delay, clock, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        transports.ForEach(static t => t.Dispose());
    }
}
