using System.Net;
using Mesh.Client.Http;

namespace Mesh.Client.Tests.Http;

public sealed class RedirectTargetTests
{
    [Theory]
    [InlineData("//")]
    [InlineData("//orders:99999/")]
    public async Task FollowAsync_LocationThatIsNoUri_GivesTheRedirectItself(string location)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/");
        using var response = new HttpResponseMessage(HttpStatusCode.Found);
        response.Headers.TryAddWithoutValidation("Location", location);
        var redirects = new Redirects(static (_, _, _) => throw new InvalidOperationException("nothing to follow"));

        Assert.Same(response, await redirects.FollowAsync(request, response, synchronous: false, TestContext.Current.CancellationToken));
    }
}
