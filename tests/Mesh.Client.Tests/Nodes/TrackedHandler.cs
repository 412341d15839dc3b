using System.Net;
using Mesh.Client.Model;

namespace Mesh.Client.Tests.Nodes;

/// <summary>The transport of an endpoint, of which a test sees when it is disposed.</summary>
internal sealed class TrackedHandler(MeshEndpoint endpoint, Func<MeshEndpoint, CancellationToken, Task<HttpResponseMessage>>? answer = null) : HttpMessageHandler
{
    private int _disposals;

    public MeshEndpoint Endpoint => endpoint;

    public int Disposals => Volatile.Read(ref _disposals);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        answer is null ? Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)) : answer(endpoint, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        Interlocked.Increment(ref _disposals);
        base.Dispose(disposing);
    }
}
