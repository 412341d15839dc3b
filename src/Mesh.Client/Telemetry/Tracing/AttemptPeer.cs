using System.Diagnostics;
using Mesh.Client.Model;

namespace Mesh.Client.Telemetry.Tracing;

/// <summary>
/// Says on the runtime's own span of an attempt which endpoint it went to: the span has the logical name as its server, because that is what the URI says. The runtime begins its span on
/// the thread that sends, before it waits for anything, so that the endpoint can be handed over by the thread.
/// </summary>
internal sealed class AttemptPeer : IDisposable
{
    private const string RuntimeSource = "System.Net.Http";

    [ThreadStatic]
    private static MeshEndpoint? t_endpoint;

    private static int s_listeners;

    private readonly ActivityListener _listener = new()
    {
        ShouldListenTo = static source => source.Name == RuntimeSource,
        ActivityStarted = Mark,
    };

    public AttemptPeer()
    {
        Interlocked.Increment(ref s_listeners);
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>Whether anybody looks at it.</summary>
    public static bool IsOn => Volatile.Read(ref s_listeners) > 0;

    /// <summary>Says where the sends of this thread go from now on; <see langword="null"/> once it has sent.</summary>
    public static void Enter(MeshEndpoint? endpoint) => t_endpoint = endpoint;

    public void Dispose()
    {
        _listener.Dispose();
        Interlocked.Decrement(ref s_listeners);
    }

    private static void Mark(Activity span)
    {
        if (t_endpoint is { } endpoint && span.IsAllDataRequested)
        {
            span.SetTag(TagNames.PeerAddress, endpoint.Host);
            span.SetTag(TagNames.PeerPort, endpoint.Port);
        }
    }
}
