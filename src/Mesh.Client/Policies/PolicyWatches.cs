using System.Collections.Immutable;
using Mesh.Client.Options;
using Microsoft.Extensions.Logging;

namespace Mesh.Client.Policies;

/// <summary>The watches of all sources of policies.</summary>
internal sealed class PolicyWatches : IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private ImmutableArray<PolicyWatch> _watches = [];
    private int _disposed;

    /// <summary>What is known of each source, in their order.</summary>
    public ImmutableArray<PolicySourceStatus> Status => [.. _watches.Select(static w => w.Status)];

    /// <summary>Starts to follow the sources; waits for none.</summary>
    public void Start(IEnumerable<Func<IPolicySource>> sources, MeshConfiguration configuration, Func<int, PolicyCopy> copies, TimeProvider clock, Random random, ILogger logger)
    {
        _watches = [.. sources.Select((create, number) => new PolicyWatch(create, configuration.OnDocuments, copies(number), clock, random, logger))];
        configuration.Follow(_watches.Select(static w => w.Documents));

        // The first call of a request may start them; they must not keep that request's context alive.
        using AsyncFlowControl? flow = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
        CancellationToken end = _end.Token;
        foreach (PolicyWatch watch in _watches)
        {
            _ = Task.Run(() => watch.RunAsync(end), CancellationToken.None);
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _end.Cancel();
            _end.Dispose();
        }
    }
}
