using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.Tests.Http;

public sealed class SharedPrimaryTests
{
    [Fact]
    public async Task CreateClient_PrimaryThatIsInUseAlready_IsTakenAsItIs()
    {
        using var shared = new SocketsHttpHandler { ConnectCallback = static (_, _) => throw new IOException("no network here") };
        using var first = new HttpMessageInvoker(shared, disposeHandler: false);
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://127.0.0.1/");
        await Assert.ThrowsAsync<HttpRequestException>(() => first.SendAsync(request, TestContext.Current.CancellationToken));
        var services = new ServiceCollection();
        services.AddMesh();
        services.AddHttpClient("shop").ConfigurePrimaryHttpMessageHandler(() => shared);
        await using ServiceProvider provider = services.BuildServiceProvider();

        using HttpClient client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("shop");

        HttpRequestException error = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri("http://127.0.0.1/"), TestContext.Current.CancellationToken));
        Assert.Contains("no network here", error.ToString(), StringComparison.Ordinal);
    }
}
