// The example of the package's readme, to the letter; ReadmeTests compares them.
#pragma warning disable xUnit1051 // a reader's own tests may be on another framework
using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.Testing.Tests;

public sealed class OrdersTests
{
    [Fact]
    public async Task Get_OneInstanceIsDownAndTheOtherIsSlow_Succeeds()
    {
        var clock = new ManualTimeProvider();
        var registry = new InMemoryRegistry();
        registry.Set("orders", "10.0.0.1:80", "10.0.0.2:80");
        var transport = new ScriptedTransport(clock);
        transport["10.0.0.1:80"].RefuseConnection().Always();
        transport["10.0.0.2:80"].Delay(TimeSpan.FromSeconds(2)).Reply(HttpStatusCode.Accepted).Always();

        var services = new ServiceCollection();
        services.AddHttpClient("orders");
        services.AddMesh(mesh => mesh
            .AddInMemoryRegistry(registry)
            .UseScriptedTransport(transport)
            .UseTimeProvider(clock)
            .UseRandom(new SeededRandom(42)));
        await using ServiceProvider provider = services.BuildServiceProvider();
        using HttpClient client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("orders");

        Task<HttpResponseMessage> call = client.GetAsync(new Uri("http://orders/42"));
        await clock.AdvanceUntilAsync(() => call.IsCompleted, step: TimeSpan.FromMilliseconds(100), max: TimeSpan.FromSeconds(10));

        using HttpResponseMessage response = await call;
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        ScriptedRequest request = Assert.Single(transport["10.0.0.2:80"].Requests);
        Assert.Equal("http://orders/42", request.Uri?.ToString());
    }
}
