using System.Diagnostics;

namespace Mesh.Client.OpenTelemetry.Tests.Reports;

/// <summary>A transport that answers at once, and makes the span that the runtime's own makes.</summary>
internal sealed class SpanningTransport : HttpMessageHandler
{
    private static readonly ActivitySource s_source = new("System.Net.Http");

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using Activity? span = s_source.StartActivity("System.Net.Http.HttpRequestOut", ActivityKind.Client);
        span?.SetTag("http.request.method", request.Method.Method);
        span?.SetTag("server.address", request.RequestUri!.Host);
        return Task.FromResult(new HttpResponseMessage { RequestMessage = request });
    }
}
