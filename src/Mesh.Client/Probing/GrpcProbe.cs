using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Mesh.Client.Grpc;

namespace Mesh.Client.Probing;

/// <summary>
/// Calls of <c>grpc.health.v1.Health/Check</c> and <c>Watch</c> (grpc/grpc, doc/health-checking.md) that SERVING answers well. A server that says UNIMPLEMENTED has no health service and is
/// well, as in gRPC's proposal A17; it is asked again all the same, because another program may stand behind the address by then.
/// </summary>
internal sealed class GrpcProbe : IWatchProbe
{
    private readonly ProbeInvoker _invoker;
    private readonly Uri _check;
    private readonly Uri _watch;
    private readonly string _service;
    private readonly string _timeout;
    private readonly byte[] _message;

    /// <summary>Makes the probe.</summary>
    /// <param name="connect">Makes a transport that dials the endpoint, to be disposed with the probe.</param>
    /// <param name="uri">The service's logical name as an URI.</param>
    /// <param name="service">Whose health is asked for; empty for the whole server.</param>
    /// <param name="timeout">The time that the server has for an answer to <c>Check</c>.</param>
    public GrpcProbe(Func<HttpMessageHandler> connect, Uri uri, string service, TimeSpan timeout)
    {
        _invoker = new ProbeInvoker(connect);
        _check = new Uri(uri, "/grpc.health.v1.Health/Check");
        _watch = new Uri(uri, "/grpc.health.v1.Health/Watch");
        _service = service;
        _timeout = GrpcTimeoutText.Format(timeout);
        _message = HealthMessage.Ask(service);
    }

    public async Task<string?> AskAsync(CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = Request(_check);
        request.Headers.TryAddWithoutValidation(GrpcNames.Timeout, _timeout);
        using HttpResponseMessage response = await _invoker.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (GrpcReply.StatusOf(response.Headers) is { } alone)
        {
            return Fault(alone);
        }

        if (response.StatusCode is not HttpStatusCode.OK)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{_check.AbsolutePath} answered HTTP {(int)response.StatusCode}");
        }

        byte[] buffer = new byte[HealthMessage.MaxReply];
        using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        int length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (length == buffer.Length)
        {
            return $"{_check.AbsolutePath} answered without end";
        }

        GrpcStatusCode status = GrpcReply.StatusOf(response.TrailingHeaders) ?? GrpcStatusCode.Unknown;
        return status is not GrpcStatusCode.Ok ? Fault(status)
            : HealthMessage.StatusOf(buffer.AsSpan(0, length)) is not { } health ? $"{_check.AbsolutePath} answered with no message of health"
            : Fault(health);
    }

    public async Task<bool> WatchAsync(Action<string?> tell, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = Request(_watch);
        using HttpResponseMessage response = await _invoker.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode is not HttpStatusCode.OK || GrpcReply.StatusOf(response.Headers) is not null)
        {
            return GrpcReply.StatusOf(response.Headers) is not GrpcStatusCode.Unimplemented;
        }

        using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var answers = new HealthStream(body);
        while (await answers.NextAsync(cancellationToken).ConfigureAwait(false) is { } health)
        {
            tell(Fault(health));
        }

        return GrpcReply.StatusOf(response.TrailingHeaders) is not GrpcStatusCode.Unimplemented;
    }

    public void Dispose() => _invoker.Dispose();

    private HttpRequestMessage Request(Uri uri)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, uri) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new ByteArrayContent(_message) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(GrpcNames.MediaType);
        request.Headers.TryAddWithoutValidation("TE", "trailers");
        return request;
    }

    private string? Fault(int health) => health switch
    {
        HealthMessage.Serving => null,
        HealthMessage.ServiceUnknown => Unknown(),
        _ => $"\"{_service}\" is {HealthMessage.NameOf(health)}",
    };

    private string Unknown() => $"\"{_service}\" is unknown to the server's health service";

    private string? Fault(GrpcStatusCode status) => status switch
    {
        GrpcStatusCode.Unimplemented => null,
        GrpcStatusCode.NotFound => Unknown(),
        _ => $"{_check.AbsolutePath} answered {status}",
    };
}
