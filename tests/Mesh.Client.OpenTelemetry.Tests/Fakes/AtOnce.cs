using System.Net;

namespace Mesh.Client.OpenTelemetry.Tests.Fakes;

/// <summary>A transport that answers 200 at once.</summary>
internal sealed class AtOnce(string? grpcStatus = null) : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = new HttpResponseMessage(HttpStatusCode.OK) { RequestMessage = request };
        if (grpcStatus is not null)
        {
            response.Headers.Add("grpc-status", grpcStatus);
        }

        return Task.FromResult(response);
    }
}
