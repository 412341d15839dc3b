using System.Net;
using System.Text.Json;
using Mesh.Agent.Admin.Services;
using Mesh.Agent.Tests.Support;
using Mesh.Client.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Agent.Tests.Admin.Services;

/// <summary>What programs that choose endpoints by themselves are told.</summary>
public sealed class ServicesApiTests
{
    [Fact]
    public async Task Endpoints_OfAService_AreThoseOfTheMesh()
    {
        var registry = new InMemoryRegistry();
        await registry.RegisterAsync(new("i-1", "inventory", "10.0.0.1", 80) { Weight = 3, Locality = new("eu", "eu-1"), Labels = Mesh.Client.Model.LabelSet.Create([new("version", "v1")]) }, TestContext.Current.CancellationToken);
        await using TestAgent agent = await StartAsync(registry);
        using var caller = new AdminCaller(agent);

        (int status, JsonElement body) = await caller.GetAsync("/v1/services/Inventory/endpoints");

        Assert.Equal(
            (200, """{"service":"inventory","resolved":true,"source":"InMemory","endpoints":[{"address":"10.0.0.1:80","weight":3,"region":"eu","zone":"eu-1","labels":{"version":"v1"},"usable":true,"condition":"healthy"}]}"""),
            (status, body.GetRawText()));
        (_, JsonElement all) = await caller.GetAsync("/v1/services");
        Assert.Equal("""{"items":[{"name":"inventory","inUse":true,"endpoints":1,"usable":1},{"name":"orders","inUse":false}]}""", all.GetRawText());
    }

    [Theory]
    [InlineData("nobody", 404, "no source knows it")]
    [InlineData("localhost", 400, "is never a service of the mesh")]
    [InlineData("a%20b", 400, "is not a host name")]
    [InlineData("inventory.mesh", 400, "must be written without")]
    [InlineData("nobody/endpoints?watch=2&x=", 400, "watch = \"2\" is neither 1 nor 0")]
    public async Task Endpoints_ThatCannotBeTold_AreRefusedWithAReason(string name, int expected, string reason)
    {
        await using TestAgent agent = await StartAsync(new InMemoryRegistry());
        using var caller = new AdminCaller(agent);

        (int status, JsonElement body) = await caller.GetAsync(name.Contains('/', StringComparison.Ordinal) ? $"/v1/services/{name}" : $"/v1/services/{name}/endpoints");

        Assert.Equal(expected, status);
        Assert.Contains(reason, body.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_OfAService_TellsEveryList()
    {
        var registry = new InMemoryRegistry();
        await using TestAgent agent = await StartAsync(registry);
        using var client = new HttpClient();
        using var reader = new StreamReader(await client.GetStreamAsync(new Uri(agent.Admin, "/v1/services/inventory/endpoints?watch=1"), TestContext.Current.CancellationToken));

        // Nobody knows it yet, which is no reason to stop watching.
        Assert.Equal("", await NextAsync(reader));
        registry.Set("inventory", "10.0.0.1:80");
        Assert.Equal("10.0.0.1:80", await NextAsync(reader));
        registry.Set("inventory", "10.0.0.1:80", "10.0.0.2:80");
        Assert.Equal("10.0.0.1:80,10.0.0.2:80", await NextAsync(reader));

        // It keeps the service in use for others too.
        using var caller = new AdminCaller(agent);
        Assert.Equal(2, (await caller.GetAsync("/v1/services/inventory/endpoints")).Body.GetProperty("endpoints").GetArrayLength());
    }

    [Fact(Timeout = 60_000)]
    public async Task Watch_BeyondTheMost_IsRefusedUntilOneLeaves()
    {
        var registry = new InMemoryRegistry();
        registry.Set("inventory", "10.0.0.1:80");
        await using TestAgent agent = await StartAsync(registry);
        using var client = new HttpClient { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        var watch = new Uri(agent.Admin, "/v1/services/inventory/endpoints?watch=1");
        HttpResponseMessage[] watchers = await Task.WhenAll(Enumerable.Range(0, EndpointsStream.MostWatchers).Select(_ => client.GetAsync(watch, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken)));

        using (HttpResponseMessage refused = await client.GetAsync(watch, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken))
        {
            Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(5)), (refused.StatusCode, refused.Headers.RetryAfter!.Delta));
        }

        Array.ForEach(watchers, static w => w.Dispose());

        // Their places are free once the agent has seen them go.
        HttpStatusCode status;
        do
        {
            using HttpResponseMessage again = await client.GetAsync(watch, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
            status = again.StatusCode;
        }
        while (status == HttpStatusCode.ServiceUnavailable);

        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Fact]
    public async Task Stop_OfTheAgent_EndsTheWatches()
    {
        var registry = new InMemoryRegistry();
        registry.Set("inventory", "10.0.0.1:80");
        TestAgent agent = await StartAsync(registry);
        using var client = new HttpClient();
        using var reader = new StreamReader(await client.GetStreamAsync(new Uri(agent.Admin, "/v1/services/inventory/endpoints?watch=1"), TestContext.Current.CancellationToken));
        await NextAsync(reader);

        await agent.StopAsync().WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        await agent.DisposeAsync();
    }

    private static async Task<string> NextAsync(StreamReader reader)
    {
        Assert.Equal("event: endpoints", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
        string data = (await reader.ReadLineAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal("", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
        using var json = JsonDocument.Parse(data["data: ".Length..]);
        return string.Join(',', json.RootElement.GetProperty("endpoints").EnumerateArray().Select(static e => e.GetProperty("address").GetString()));
    }

    private static Task<TestAgent> StartAsync(InMemoryRegistry registry) => TestAgent.StartAsync(
        [new Uri("http://10.9.9.9:80")],
        [("Mesh:Discovery:Sources:0", "InMemory"), ("Mesh:Discovery:Sources:1", "Configuration"), ("Agent:DrainDelay", "00:00:00")],
        mesh => mesh.AddInMemoryRegistry(registry));
}
