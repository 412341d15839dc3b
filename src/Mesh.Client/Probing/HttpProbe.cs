using System.Globalization;

namespace Mesh.Client.Probing;

/// <summary>A GET that any status from 200 to 299 answers well. The body of the reply is not read.</summary>
internal sealed class HttpProbe : IProbe
{
    // A short body is drained so that the connection can serve the next probe; a longer one costs the connection.
    private const int MaxDrain = 4096;

    private readonly Func<HttpMessageHandler> _connect;
    private readonly Uri _uri;
    private HttpMessageInvoker? _invoker;
    private bool _disposed;

    /// <summary>Makes the probe. The transport is made when the first probe goes out: what goes wrong there is the probe's.</summary>
    /// <param name="connect">Makes a transport that dials the endpoint, to be disposed with the probe.</param>
    /// <param name="uri">What to ask for, under the service's logical name.</param>
    public HttpProbe(Func<HttpMessageHandler> connect, Uri uri)
    {
        _connect = connect;
        _uri = uri;
    }

    public async Task<string?> AskAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _uri);
        using HttpResponseMessage response = await Invoker().SendAsync(request, cancellationToken).ConfigureAwait(false);
        return response.IsSuccessStatusCode ? null : string.Create(CultureInfo.InvariantCulture, $"{_uri.PathAndQuery} answered {(int)response.StatusCode}");
    }

    public void Dispose()
    {
        lock (_connect)
        {
            _disposed = true;
            _invoker?.Dispose();
        }
    }

    private HttpMessageInvoker Invoker()
    {
        lock (_connect)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _invoker ??= new HttpMessageInvoker(Quiet(_connect()), disposeHandler: true);
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
