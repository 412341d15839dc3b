using System.Net;
using Mesh.Client.Http;
using Mesh.Client.Model;
using Mesh.Client.Tests.Nodes;

namespace Mesh.Client.Tests.Http;

public sealed class RequestShaperTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SendAsync_HostAndVersion_AreSetForThisHopOnly(bool fails)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/");
        (string? Host, Version Version) seen = default;
        using var inner = new TrackedHandler(new MeshEndpoint("10.0.0.1", 80), (_, _) =>
        {
            seen = (request.Headers.Host, request.Version);
            return fails ? throw new HttpRequestException("refused") : Task.FromResult(new HttpResponseMessage(HttpStatusCode.Found));
        });
        using var invoker = new HttpMessageInvoker(new RequestShaper(inner, HttpVersion.Version20, "10.0.0.1:80"));

        Exception? error = await Record.ExceptionAsync(() => invoker.SendAsync(request, TestContext.Current.CancellationToken));

        Assert.Equal(fails, error is not null);
        Assert.Equal(("10.0.0.1:80", HttpVersion.Version20), seen);
        Assert.Equal((null, HttpVersion.Version11, HttpVersionPolicy.RequestVersionOrLower), (request.Headers.Host, request.Version, request.VersionPolicy));
    }
}
