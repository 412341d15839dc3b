using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Mesh.Client.Grpc;

namespace Mesh.Client.Probing;

/// <summary>
/// A call of <c>grpc.health.v1.Health/Check</c> (grpc/grpc, doc/health-checking.md) that SERVING answers well. A server that says UNIMPLEMENTED has no health service and is
/// well, as in gRPC's proposal A17; it is asked again all the same, because another program may stand behind the address by then.
/// </summary>
internal sealed class GrpcProbe : IProbe
{
    private readonly ProbeInvoker _invoker;
    private readonly Uri _uri;
    private readonly string _service;
    private readonly string _timeout;
    private readonly byte[] _message;

    /// <summary>Makes the probe.</summary>
    /// <param name="connect">Makes a transport that dials the endpoint, to be disposed with the probe.</param>
    /// <param name="uri">The service's logical name as an URI.</param>
    /// <param name="service">Whose health is asked for; empty for the whole server.</param>
    /// <param name="timeout">The time that the server has.</param>
    public GrpcProbe(Func<HttpMessageHandler> connect, Uri uri, string service, TimeSpan timeout)
    {
        _invoker = new ProbeInvoker(connect);
        _uri = new Uri(uri, "/grpc.health.v1.Health/Check");
        _service = service;
        _timeout = GrpcTimeoutText.Format(timeout);
        _message = HealthMessage.Ask(service);
    }

    public async Task<string?> AskAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _uri) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Content = new ByteArrayContent(_message);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(GrpcNames.MediaType);
        request.Headers.TryAddWithoutValidation("TE", "trailers");
        request.Headers.TryAddWithoutValidation(GrpcNames.Timeout, _timeout);
        using HttpResponseMessage response = await _invoker.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (GrpcReply.StatusOf(response.Headers) is { } alone)
        {
            return Fault(alone);
        }

        if (response.StatusCode is not HttpStatusCode.OK)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{_uri.AbsolutePath} answered HTTP {(int)response.StatusCode}");
        }

        byte[] buffer = new byte[HealthMessage.MaxReply];
        using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        int length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (length == buffer.Length)
        {
            return $"{_uri.AbsolutePath} answered without end";
        }

        GrpcStatusCode status = GrpcReply.StatusOf(response.TrailingHeaders) ?? GrpcStatusCode.Unknown;
        return status is not GrpcStatusCode.Ok ? Fault(status)
            : HealthMessage.StatusOf(buffer.AsSpan(0, length)) is not { } health ? $"{_uri.AbsolutePath} answered with no message of health"
            : health == HealthMessage.Serving ? null
            : $"\"{_service}\" is {HealthMessage.NameOf(health)}";
    }

    public void Dispose() => _invoker.Dispose();

    private string? Fault(GrpcStatusCode status) => status switch
    {
        GrpcStatusCode.Unimplemented => null,
        GrpcStatusCode.NotFound => $"\"{_service}\" is unknown to the server's health service",
        _ => $"{_uri.AbsolutePath} answered {status}",
    };
}
