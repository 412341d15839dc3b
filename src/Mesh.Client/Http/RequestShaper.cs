namespace Mesh.Client.Http;

/// <summary>Sets what <c>Transport:HttpVersion</c> and <c>Transport:HostHeader</c> ask for; in the way only where one of them is set.</summary>
internal sealed class RequestShaper(HttpMessageHandler inner, Version? version, string? host) : DelegatingHandler(inner)
{
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        (Version, HttpVersionPolicy, string?) before = Shape(request);
        try
        {
            return base.Send(request, cancellationToken);
        }
        finally
        {
            Restore(request, before);
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        (Version, HttpVersionPolicy, string?) before = Shape(request);
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Restore(request, before);
        }
    }

    // The same request may go on to another service or out of the mesh: by a redirect, or by a handler above that sends it again.
    private static void Restore(HttpRequestMessage request, (Version Version, HttpVersionPolicy Policy, string? Host) before)
    {
        request.Version = before.Version;
        request.VersionPolicy = before.Policy;
        request.Headers.Host = before.Host;
    }

    private (Version Version, HttpVersionPolicy Policy, string? Host) Shape(HttpRequestMessage request)
    {
        (Version, HttpVersionPolicy, string?) before = (request.Version, request.VersionPolicy, request.Headers.Host);
        if (version is not null)
        {
            request.Version = version;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        }

        if (host is not null)
        {
            request.Headers.Host = host;
        }

        return before;
    }
}
