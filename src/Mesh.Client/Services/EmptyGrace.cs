using System.Collections.Immutable;
using Mesh.Client.Nodes;

namespace Mesh.Client.Services;

/// <summary>
/// Holds an unconfirmed empty answer out: for the grace period the endpoints stay as they were, and after it those that still answer stay until
/// they fail. Used by the watch task of a service alone; only <paramref name="wake"/> is called from elsewhere.
/// </summary>
internal sealed class EmptyGrace(TimeProvider clock, Action wake) : IDisposable
{
    private ITimer? _timer;
    private volatile bool _isOver;

    public bool IsRunning => _timer is not null;

    public void Begin(TimeSpan grace)
    {
        _isOver = false;
        _timer = clock.CreateTimer(
            _ =>
            {
                _isOver = true;
                wake();
            },
            null,
            grace,
            Timeout.InfiniteTimeSpan);
    }

    /// <summary>Once the period is over, marks the endpoints as unlisted.</summary>
    public void Judge(ImmutableArray<EndpointNode> nodes)
    {
        if (_timer is null || !_isOver)
        {
            return;
        }

        _isOver = false;
        foreach (EndpointNode node in nodes)
        {
            node.Listing = NodeListing.Unlisted;
        }
    }

    /// <summary>A good answer came: everything is as before.</summary>
    public void End(ImmutableArray<EndpointNode> nodes)
    {
        if (_timer is null)
        {
            return;
        }

        Dispose();
        foreach (EndpointNode node in nodes)
        {
            node.Listing = NodeListing.Listed;
        }
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _timer = null;
    }
}
