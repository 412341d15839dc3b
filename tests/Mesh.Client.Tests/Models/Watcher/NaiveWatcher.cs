namespace Mesh.Client.Tests.Models.Watcher;

/// <summary>The endpoints of a service as docs/discovery.md has them: the last good word holds, an empty one that is not sure waits for the grace, and after it endpoints go as they fail.</summary>
internal sealed class NaiveWatcher(TimeSpan grace)
{
    private TimeSpan? _graceEnds;

    public List<int> Hosts { get; private set; } = [];

    /// <summary>Whether an endpoint that fails goes.</summary>
    public bool IsDoubtful { get; private set; }

    /// <summary>Whether the grace ends within a moment of a time.</summary>
    public bool IsNearTheEdge(TimeSpan now, TimeSpan moment) => _graceEnds is { } ends && (ends - now).Duration() <= moment;

    public void Found(IEnumerable<int> hosts)
    {
        (Hosts, _graceEnds, IsDoubtful) = ([.. hosts], null, false);
    }

    public void EmptyForSure() => Found([]);

    public void Doubt(TimeSpan now)
    {
        if (Hosts.Count > 0)
        {
            _graceEnds ??= now + grace;
        }
    }

    public void Fail(int host)
    {
        if (IsDoubtful)
        {
            Hosts.Remove(host);
        }
    }

    public void At(TimeSpan now) => IsDoubtful = IsDoubtful || now >= _graceEnds;
}
