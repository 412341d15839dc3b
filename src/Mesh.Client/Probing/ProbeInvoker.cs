namespace Mesh.Client.Probing;

/// <summary>The connection of the probes of one endpoint. The transport is made when the first probe goes out: what goes wrong there is the probe's.</summary>
/// <param name="connect">Makes a transport that dials the endpoint, to be disposed with the probe.</param>
internal sealed class ProbeInvoker(Func<HttpMessageHandler> connect) : IDisposable
{
    // A short body is drained so that the connection can serve the next probe; a longer one costs the connection.
    private const int MaxDrain = 4096;

    private readonly Lock _lock = new();
    private HttpMessageInvoker? _invoker;
    private bool _disposed;

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Invoker().SendAsync(request, cancellationToken);

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _invoker?.Dispose();
        }
    }

    private HttpMessageInvoker Invoker()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _invoker ??= new HttpMessageInvoker(Quiet(connect()), disposeHandler: true);
        }
    }

    private static HttpMessageHandler Quiet(HttpMessageHandler made)
    {
        HttpMessageHandler? inner = made;
        while (inner is DelegatingHandler outer)
        {
            inner = outer.InnerHandler;
        }

        if (inner is SocketsHttpHandler handler)
        {
            // Probes are no part of anybody's trace.
            handler.ActivityHeadersPropagator = null;
            handler.AllowAutoRedirect = false;
            handler.MaxResponseDrainSize = MaxDrain;
        }

        return made;
    }
}
