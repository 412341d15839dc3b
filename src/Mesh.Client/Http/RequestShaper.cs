namespace Mesh.Client.Http;

/// <summary>Sets what <c>Transport:HttpVersion</c> and <c>Transport:HostHeader</c> ask for; in the way only where one of them is set.</summary>
internal sealed class RequestShaper(HttpMessageHandler inner, Version? version, string? host) : DelegatingHandler(inner)
{
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Shape(request);
        return base.Send(request, cancellationToken);
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Shape(request);
        return base.SendAsync(request, cancellationToken);
    }

    private void Shape(HttpRequestMessage request)
    {
        if (version is not null)
        {
            request.Version = version;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        }

        if (host is not null)
        {
            request.Headers.Host = host;
        }
    }
}
