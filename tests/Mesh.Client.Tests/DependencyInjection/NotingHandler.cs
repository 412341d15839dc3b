namespace Mesh.Client.Tests.DependencyInjection;

/// <summary>A handler above the mesh that notes what passes it.</summary>
internal sealed class NotingHandler(List<string> seen) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        seen.Add($"{request.Method} {request.RequestUri}");
        return base.SendAsync(request, cancellationToken);
    }
}
