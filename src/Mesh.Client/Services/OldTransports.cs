using System.Collections.Immutable;
using Mesh.Client.Nodes;

namespace Mesh.Client.Services;

/// <summary>Has the nodes make new connections after their settings changed.</summary>
internal static class OldTransports
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    /// <summary>Takes the transports of the nodes away. One made under the old settings may be about to be used: it goes a little later.</summary>
    /// <param name="nodes">The nodes.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="end">The service ends: then they go at once.</param>
    public static async Task RenewAsync(ImmutableArray<EndpointNode> nodes, TimeProvider clock, CancellationToken end)
    {
        List<HttpMessageInvoker> old = [.. nodes.Select(static n => n.ResetTransport()).OfType<HttpMessageInvoker>()];
        if (old.Count > 0)
        {
            await Task.Delay(Lifetime, clock, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            old.ForEach(static t => t.Dispose());
        }
    }
}
