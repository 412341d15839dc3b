using System.Net;

namespace Mesh.Client.OpenTelemetry.Tests.Fakes;

/// <summary>A transport that answers at once.</summary>
internal sealed class AtOnce(Func<HttpRequestMessage, int>? status = null) : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Task.FromResult(new HttpResponseMessage((HttpStatusCode)(status?.Invoke(request) ?? 200)) { RequestMessage = request });
}
