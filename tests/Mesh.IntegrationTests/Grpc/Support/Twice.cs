namespace Mesh.IntegrationTests.Grpc.Support;

/// <summary>Sends each request twice, as a retry does: the first reply is thrown away.</summary>
internal sealed class Twice(HttpMessageHandler inner, bool buffer = false) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (buffer)
        {
            await request.Content!.LoadIntoBufferAsync(cancellationToken);
        }

        (await base.SendAsync(request, cancellationToken)).Dispose();
        return await base.SendAsync(request, cancellationToken);
    }
}
