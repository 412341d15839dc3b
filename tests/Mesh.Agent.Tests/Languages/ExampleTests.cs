using Mesh.Agent.Tests.Support;
using Mesh.IntegrationTests.Grpc.Messages;
using Mesh.IntegrationTests.Grpc.Support;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Mesh.Agent.Tests.Languages;

/// <summary>What the page says of languages, run against a real agent: nothing of an example is changed but where the agent listens.</summary>
public sealed class ExampleTests
{
    private const string Grpc = "gRPC";

    // Shown on the page, and run by hand only: no machine of ours has these.
    private static readonly string[] s_shownOnly = ["go", "php"];

    public static TheoryData<string> Calls => [.. Runnable.Where(static e => !IsGrpc(e)).Select(static e => e.Name)];

    public static TheoryData<string> GrpcCalls => [.. Runnable.Where(IsGrpc).Select(static e => e.Name)];

    private static IEnumerable<PageExample> Runnable => PageExample.All.Where(static e => !s_shownOnly.Contains(e.Language));

    [Fact]
    public void Examples_OfThePage_AreFound() => Assert.Equal(
        ["curl 1", "curl 2", "curl 3", "Node 1", "Node 2", "Node 3", "Python 1", "Python 2", "Python 3", "Java 1", "Go 1", "PHP 1", "gRPC 1", "gRPC 2"],
        PageExample.All.Select(static e => e.Name));

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Example_OfThePage_ReachesTheService(string name)
    {
        string folder = Directory.CreateTempSubdirectory("mesh-outbound-").FullName;
        string socket = Path.Combine(folder, "outbound.sock");
        await using Upstream orders = await Upstream.StartAsync();
        await using (TestAgent agent = await TestAgent.StartAsync([orders.Uri], [("Agent:Outbound:1", $"unix:{socket}")]))
        {
            PageExample example = PageExample.All.Single(e => e.Name == name);

            string output = await ExampleProcess.RunAsync(example.Language, ForThis(agent, example.Text).Replace("/run/mesh/outbound.sock", socket, StringComparison.Ordinal), grpc: false);

            Assert.StartsWith("HTTP/1.1 GET /today\n", output, StringComparison.Ordinal);
            Assert.Contains("\nhost: orders\n", output, StringComparison.Ordinal);
            Assert.Equal(1, orders.Requests);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [MemberData(nameof(GrpcCalls))]
    public async Task GrpcExample_OfThePage_ReachesTheService(string name)
    {
        await using Upstream orders = await Upstream.StartAsync(
            static async context =>
            {
                var exchange = new GrpcExchange(context);
                await exchange.ReadAsync(SimpleRequest.Parser);
                await exchange.WriteAsync(new SimpleResponse { ServerId = $"{context.Request.Path} of {context.Request.Host.Value}" });
                await exchange.EndAsync();
            },
            HttpProtocols.Http2);
        await using TestAgent agent = await TestAgent.StartAsync([orders.Uri]);
        PageExample example = PageExample.All.Single(e => e.Name == name);

        string output = await ExampleProcess.RunAsync(example.Language, ForThis(agent, example.Text), grpc: true);

        Assert.Contains("/shop.Orders/Today of orders", output, StringComparison.Ordinal);
        Assert.Equal(1, orders.Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task LaneAndDeadline_OfARequest_CrossAProgramThatPassesThemOn(bool passesOn)
    {
        await using Upstream orders = await Upstream.StartAsync();
        TestAgent? running = null;
        await using Upstream web = await Upstream.StartAsync(async context =>
        {
            using HttpClient client = running!.Proxied();
            using var call = new HttpRequestMessage(HttpMethod.Get, new Uri("http://orders/today"));
            foreach (string header in passesOn ? new[] { "baggage", "traceparent", "x-envoy-expected-rq-timeout-ms" } : [])
            {
                call.Headers.TryAddWithoutValidation(header, context.Request.Headers[header].ToString());
            }

            using HttpResponseMessage answer = await client.SendAsync(call, context.RequestAborted);
            await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        });
        await using TestAgent agent = running = await TestAgent.StartAsync(
            [orders.Uri],
            [
                ("Mesh:Services:orders:Timeout", "01:00:00"),
                ("Agent:Inbound:0:Service", "web"),
                ("Agent:Inbound:0:Listen", "http://127.0.0.1:0"),
                ("Agent:Inbound:0:Forward", web.Uri.GetLeftPart(UriPartial.Authority)),
            ]);
        using var customer = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = agent.Inbound[0] };
        customer.DefaultRequestHeaders.Add("baggage", "mesh-lane=blue");
        customer.DefaultRequestHeaders.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        customer.DefaultRequestHeaders.Add("x-envoy-expected-rq-timeout-ms", "60000");

        string seen = await customer.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(passesOn, seen.Contains("baggage: mesh-lane=blue\n", StringComparison.Ordinal));
        Assert.Equal(passesOn, seen.Contains("traceparent: 00-0af7651916cd43dd8448eb211c80319c-", StringComparison.Ordinal));
        int left = int.Parse(seen.Split('\n').SingleOrDefault(static l => l.StartsWith("x-envoy-expected-rq-timeout-ms: ", StringComparison.Ordinal))?.Split(' ')[1] ?? "0", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(passesOn, left is > 0 and <= 60_000);
    }

    private static bool IsGrpc(PageExample example) => example.Name.StartsWith(Grpc, StringComparison.Ordinal);

    private static string ForThis(TestAgent agent, string text) =>
        text.Replace("15001", agent.Outbound.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
}
