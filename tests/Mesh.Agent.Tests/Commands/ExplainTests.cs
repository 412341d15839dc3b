using System.Net;
using System.Text.Json;
using Mesh.Agent.Tests.Support;
using Mesh.Client.Options;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mesh.Agent.Tests.Commands;

/// <summary>What <c>explain</c> says of requests.</summary>
public sealed class ExplainTests
{
    private const string Shop = """
        {
          "Agent": { "PassThrough": [ "*.example.com" ], "Inbound": [ { "Service": "web", "Listen": "http://127.0.0.1:0", "Forward": "http://127.0.0.1:9000" } ] },
          "Mesh": {
            "Discovery": { "Sources": [ "Configuration" ] },
            "Services": {
              "orders": {
                "Endpoints": [
                  { "Address": "http://10.0.0.1:8080", "Labels": { "version": "v1" } },
                  { "Address": "http://10.0.0.2:8080", "Labels": { "version": "v2" } }
                ],
                "Routes": [
                  { "Name": "beta", "Match": { "Prefix": "/v2", "Headers": { "x-beta": "1" } }, "Split": [ { "Labels": { "version": "v2" } } ] },
                  { "Name": "of web", "Match": { "Callers": [ "web" ], "Fraction": 0.25 }, "Respond": { "Status": 418 } },
                  { "Name": "typed", "Match": { "Headers": { "content-type": "text/x" } }, "Split": [ { "Labels": { "version": "v3" } } ] }
                ]
              },
              "empty": { }
            }
          }
        }
        """;

    [Fact]
    public async Task Explain_OfARequest_NamesRouteSubsetAndEndpoint()
    {
        (int code, string output, string errors) = await RunAsync("get", "http://orders/v2/x", "-H", "x-beta: 1");

        Assert.Equal((0, ""), (code, errors));
        Assert.Equal(
            """
            GET http://orders/v2/x
            service  orders
            lane     none
            routes
              beta  matches
            100 %  by route beta to orders, those with version=v2
              as /v2/x at host orders, within 30 s, an attempt within 10 s, at most 3 attempts
                10.0.0.2:8080  healthy

            """,
            output);
    }

    [Fact]
    public async Task Explain_WhereChanceDecides_NamesEachWayAndItsShare()
    {
        (int code, string output, _) = await RunAsync("http://orders/v2/x");

        Assert.Equal(0, code);
        Assert.Contains("beta    does not match: the header x-beta is missing", output, StringComparison.Ordinal);
        Assert.Contains("of web  matches, for 25 % of such requests", output, StringComparison.Ordinal);
        Assert.Contains("25 %  by route of web\n  the mesh itself answers with 418", output, StringComparison.Ordinal);
        Assert.Contains("75 %  by no route to orders\n", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, "nowhere: no endpoint has the labels version=v3", "POST", "http://orders/", "-H", "content-type: text/x")]
    [InlineData(3, "\"empty\" cannot be called: ", "http://empty/")]
    [InlineData(3, "unless Agent:PassThrough names them", "http://api.example.org/")]
    [InlineData(0, "the request goes there as it is", "http://api.example.com/")]
    public async Task Code_OfARequest_SaysWhetherItArrives(int expected, string part, params string[] args)
    {
        (int code, string output, _) = await RunAsync(args);

        Assert.Equal(expected, code);
        Assert.Contains(part, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_OfAnExplanation_IsThatOfTheAdminApi()
    {
        (int code, string output, _) = await RunAsync("http://orders/v2/x", "--header=x-beta: 1", "--json");

        using JsonDocument json = JsonDocument.Parse(output);
        JsonElement outcome = json.RootElement.GetProperty("outcomes")[0];
        Assert.Equal(0, code);
        Assert.Equal("beta", outcome.GetProperty("route").GetString());
        Assert.Equal("10.0.0.2:8080", outcome.GetProperty("endpoints")[0].GetProperty("address").GetString());
    }

    [Fact]
    public async Task Explain_WithABadFile_NamesItsErrors()
    {
        using var file = new ConfigFile("""{ "Mesh": { "Servces": { } } }""");

        (int code, _, string errors) = await Command.RunAsync("explain", "http://orders/", "-c", file.Path);

        Assert.Equal(2, code);
        Assert.Contains("did you mean \"Services\"?", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Admin_OfARunningAgent_IsAsked(bool overSocket)
    {
        string folder = Directory.CreateTempSubdirectory("mesh-agent-").FullName;
        string socket = Path.Combine(folder, "admin.sock");
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            if (overSocket)
            {
                kestrel.ListenUnixSocket(socket);
            }
            else
            {
                kestrel.Listen(IPAddress.Loopback, 0);
            }
        });
        builder.Services.AddMesh(mesh => mesh
            .ConfigureDiscovery(static d => d.CacheDirectory = "")
            .AddService("orders", static s => s.Endpoints = [new EndpointOptions { Address = "http://10.0.0.7:8080" }]));
        await using WebApplication app = builder.Build();
        app.MapMesh("/mesh");
        await app.StartAsync(TestContext.Current.CancellationToken);

        (int code, string output, string errors) = await Command.RunAsync("explain", "http://orders/a b?c=d", "-H", "x: y", "--admin", overSocket ? $"unix:{socket}" : app.Urls.Single());
        (int bad, _, string fault) = await Command.RunAsync("explain", "http://orders/", "--admin", overSocket ? $"unix:{socket}.not" : $"{app.Urls.Single()}/elsewhere");

        Directory.Delete(folder, recursive: true);
        Assert.Equal((0, ""), (code, errors));
        Assert.Contains("    10.0.0.7:8080  healthy", output, StringComparison.Ordinal);
        Assert.Equal(1, bad);
        Assert.Contains(overSocket ? "No agent answers at" : "answered 404", fault, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] args)
    {
        using var file = new ConfigFile(Shop);
        return await Command.RunAsync(["explain", "--config", file.Path, .. args]);
    }
}
