using System.Collections.Concurrent;
using System.Diagnostics;

namespace Quickstart.Measuring;

/// <summary>
/// Sees every attempt to connect in this process, through the runtime's own tracing of sockets. A dead instance has no connection left, so each
/// attempt of the mesh to reach it shows up here, whatever the mesh says of it.
/// </summary>
internal sealed class DialLog : IDisposable
{
    private readonly ConcurrentQueue<Dial> _dials = [];
    private readonly ActivityListener _listener;

    public DialLog(RunClock clock)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Experimental.System.Net.Sockets",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.GetTagItem("network.peer.port") is int port)
                {
                    _dials.Enqueue(new Dial(clock.Now, port));
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>The attempts to connect to a port from a moment on.</summary>
    public IEnumerable<Dial> To(int port, TimeSpan since) => _dials.Where(d => d.Port == port && d.At >= since);

    public void Dispose() => _listener.Dispose();
}
