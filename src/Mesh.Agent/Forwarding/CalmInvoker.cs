using Mesh.Client.Grpc;

namespace Mesh.Agent.Forwarding;

/// <summary>Hands the requests that YARP made to the engine.</summary>
internal sealed class CalmInvoker(HttpMessageHandler mesh, TimeProvider clock) : HttpMessageInvoker(mesh)
{
    public override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (GrpcRequest.Is(request))
        {
            request.Content = new CalmContent(request.Content!, clock);
        }

        return base.SendAsync(request, cancellationToken);
    }
}
