using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.Tests.Http;

public sealed class RedirectTargetTests
{
    [Theory]
    [InlineData("//")]
    [InlineData("//orders:99999/")]
    public async Task SendAsync_LocationThatIsNoUri_GivesTheRedirectItself(string location)
    {
        using var client = new HttpClient(MeshHandlerFactory.Create(mesh => mesh
            .AddService("orders", static orders => orders.Endpoints.Add(new() { Address = "http://10.0.0.1:80" }))
            .UseTransport(_ => new Redirecting(location))));

        using HttpResponseMessage response = await client.GetAsync(new Uri("http://orders/"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
    }

    private sealed class Redirecting(string location) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = new HttpResponseMessage(HttpStatusCode.Found) { RequestMessage = request };
            response.Headers.TryAddWithoutValidation("Location", location);
            return Task.FromResult(response);
        }
    }
}
