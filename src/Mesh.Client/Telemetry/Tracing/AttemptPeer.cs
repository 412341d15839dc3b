using System.Diagnostics;
using Mesh.Client.Model;

namespace Mesh.Client.Telemetry.Tracing;

/// <summary>
/// Says on the runtime's own span of an attempt which endpoint it went to: the span has the logical name as its server, because that is what the URI says. The endpoint is handed
/// over by the execution context, because a handler that sends for the first time prepares itself on another thread before it begins its span.
/// </summary>
internal sealed class AttemptPeer : IDisposable
{
    private const string RuntimeSource = "System.Net.Http";

    private static readonly AsyncLocal<MeshEndpoint?> s_endpoint = new();

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

    /// <summary>Hands a request over to the transport of an endpoint.</summary>
    public static Task<HttpResponseMessage> SendAsync(HttpMessageInvoker transport, MeshEndpoint endpoint, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        s_endpoint.Value = Dialled(endpoint, request);
        try
        {
            return transport.SendAsync(request, cancellationToken);
        }
        finally
        {
            s_endpoint.Value = null;
        }
    }

    /// <summary>As <see cref="SendAsync"/>, and blocks.</summary>
    public static HttpResponseMessage Send(HttpMessageInvoker transport, MeshEndpoint endpoint, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        s_endpoint.Value = Dialled(endpoint, request);
        try
        {
            return transport.Send(request, cancellationToken);
        }
        finally
        {
            s_endpoint.Value = null;
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        Interlocked.Decrement(ref s_listeners);
    }

    // An endpoint without a port of its own is reached at that of the URI.
    private static MeshEndpoint Dialled(MeshEndpoint endpoint, HttpRequestMessage request) => endpoint.Port == 0 ? endpoint with { Port = request.RequestUri!.Port } : endpoint;

    private static void Mark(Activity span)
    {
        if (s_endpoint.Value is { } endpoint && span.IsAllDataRequested)
        {
            span.SetTag(TagNames.PeerAddress, endpoint.Host);
            span.SetTag(TagNames.PeerPort, endpoint.Port);
        }
    }
}
