using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.AspNetCore.Tests.Admin;

/// <summary>The description of the API says what the API does.</summary>
public sealed class OpenApiTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EachAnswer_AgainstItsSchema_HasWhatItSaysAndNothingElse()
    {
        await using AdminApp app = await AdminApp.StartAsync(
        [
            ("Services:orders:LoadBalancing:Policy", "RoundRobin"), ("Services:orders:Retry:On:0", "429"), ("Services:orders:RateLimits:0:Permits", "1000"), ("Services:orders:Concurrency:Limit", "10"),
            ("Services:orders:LoadBalancing:SlowStart", "00:01:00"), ("Server:Concurrency:Limit", "10"), ("Server:RateLimits:0:Permits", "1000"),
        ]);
        await app.UseAsync("10.0.0.1:80", "10.0.0.2:80");
        await app.ReadAsync("/services");
        app.Transport["10.0.0.2:80"].Reply(HttpStatusCode.BadGateway).Always();
        for (int i = 0; i < 12; i++)
        {
            await app.CallAsync();
        }

        using (await app.Client.GetAsync(new Uri("/work", UriKind.Relative), Token))
        {
            app.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        JsonElement api = await app.ReadAsync("/openapi.json");
        int compared = 0;
        foreach (JsonProperty path in api.GetProperty("paths").EnumerateObject())
        {
            if (path.Value.TryGetProperty("get", out JsonElement get) && get.GetProperty("responses").GetProperty("200").GetProperty("content").TryGetProperty("application/json", out JsonElement content))
            {
                JsonElement answer = await app.ReadAsync(path.Name["/api".Length..].Replace("{service}", "orders", StringComparison.Ordinal) + (path.Name == "/api/explain" ? "?uri=http://orders/today&header=x-beta:+1" : ""));
                new SchemaCheck(api).Check(answer, content.GetProperty("schema"), path.Name);
                compared++;
            }
        }

        Assert.True(compared >= 10);
        using HttpResponseMessage missing = await app.Client.GetAsync(new Uri("/mesh/api/services/none", UriKind.Relative), Token);
        new SchemaCheck(api).Check(await missing.Content.ReadFromJsonAsync<JsonElement>(Token), "Problem", "404");
        await using var stream = await EventStream.OpenAsync(app);
        new SchemaCheck(api).Check(await stream.NextAsync("service"), "Service", "service");
        new SchemaCheck(api).Check(await stream.NextAsync("happened"), "Event", "happened");
        new SchemaCheck(api).Check(await stream.NextAsync("live"), "Live", "live");
    }

    [Fact]
    public async Task Paths_AgainstTheRoutes_AreTheSame()
    {
        await using AdminApp app = await AdminApp.StartAsync();
        JsonElement api = await app.ReadAsync("/openapi.json");

        string[] said = [.. api.GetProperty("paths").EnumerateObject().SelectMany(static p => p.Value.EnumerateObject().Select(o => $"{o.Name.ToUpperInvariant()} /mesh{p.Name}")).Order(StringComparer.Ordinal)];
        string[] mapped =
        [
            .. app.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
                .Where(static e => e.RoutePattern.RawText?.StartsWith("/mesh/api", StringComparison.Ordinal) is true)
                .Select(static e => $"{e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0]} {e.RoutePattern.RawText}")
                .Order(StringComparer.Ordinal),
        ];

        Assert.Equal(mapped, said);
    }
}
