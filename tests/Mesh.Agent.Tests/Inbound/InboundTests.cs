using System.Net;
using Mesh.Agent.Tests.Support;
using Mesh.IntegrationTests.Grpc.Messages;
using Mesh.IntegrationTests.Grpc.Support;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Mesh.Agent.Tests.Inbound;

/// <summary>What comes in for a local program.</summary>
public sealed class InboundTests
{
    [Fact]
    public async Task Request_AtTheListener_ReachesTheProgramAsItCame()
    {
        await using Upstream program = await Upstream.StartAsync();
        await using TestAgent agent = await InboundAgent.StartAsync(program.Uri);
        using RawConnection connection = await RawConnection.OpenAsync(agent.Inbound[0].Port);

        string answer = await connection.AskAsync("GET /a%2Fb/../c?d=e HTTP/1.1", "Host: inventory", "X-Own: 1", "Connection: keep-alive, x-hop", "X-Hop: 1");

        Assert.Contains("HTTP/1.1 GET /a%2Fb/../c?d=e\n", answer, StringComparison.Ordinal);
        Assert.Contains("host: inventory\n", answer, StringComparison.Ordinal);
        Assert.Contains("x-own: 1\n", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("x-hop", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "x-forwarded-for: 127.0.0.1\n")]
    [InlineData(true, "x-forwarded-for: 6.6.6.6, 127.0.0.1\n")]
    public async Task ForwardedHeaders_OfAPeer_CountIfItIsATrustedProxy(bool isTrusted, string seen)
    {
        await using Upstream program = await Upstream.StartAsync();
        await using TestAgent agent = await InboundAgent.StartAsync(program.Uri, keys: isTrusted ? [("Mesh:Server:TrustedProxies:0", "127.0.0.1")] : null);
        using RawConnection connection = await RawConnection.OpenAsync(agent.Inbound[0].Port);

        string answer = await connection.AskAsync("GET / HTTP/1.1", "Host: inventory", "X-Forwarded-For: 6.6.6.6", "X-Forwarded-Host: evil", "X-Real-IP: 6.6.6.6");

        Assert.Contains(seen, answer, StringComparison.Ordinal);
        Assert.Equal(isTrusted, answer.Contains("x-forwarded-host: evil", StringComparison.Ordinal));
        Assert.Equal(isTrusted, answer.Contains("x-real-ip", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("127.0.0.0/8", true)]
    [InlineData("10.0.0.0/8", false)]
    public async Task MeshHeaders_OfAPeer_CountFromTrustedNetworksOnly(string trusted, bool counts)
    {
        await using Upstream program = await Upstream.StartAsync();
        await using TestAgent agent = await InboundAgent.StartAsync(program.Uri, keys: [("Mesh:Server:TrustedNetworks:0", trusted)]);
        using RawConnection connection = await RawConnection.OpenAsync(agent.Inbound[0].Port);

        string answer = await connection.AskAsync("GET / HTTP/1.1", "Host: inventory", "x-mesh-caller: web", "x-mesh-priority: critical", "baggage: mesh-lane=blue,other=1");

        Assert.Equal(counts, answer.Contains("x-mesh-caller: web\n", StringComparison.Ordinal));
        Assert.Equal(counts, answer.Contains("x-mesh-priority: critical\n", StringComparison.Ordinal));
        Assert.Equal(counts, answer.Contains("mesh-lane=blue", StringComparison.Ordinal));
        Assert.Contains("other=1", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_ThatARuleKeepsOut_IsRefusedBeforeTheProgram()
    {
        await using Upstream program = await Upstream.StartAsync();
        await using TestAgent agent = await InboundAgent.StartAsync(
            program.Uri, keys: [("Mesh:Server:Access:0:Deny:Paths:0", "/admin/**"), ("Mesh:Server:RateLimits:0:Name", "few"), ("Mesh:Server:RateLimits:0:Permits", "1"), ("Mesh:Server:RateLimits:0:Per", "01:00:00")]);
        using var client = new HttpClient { BaseAddress = agent.Inbound[0] };

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(client, "/admin/x"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "/x"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(client, "/x"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(client, "/x/%2e%2e/admin/y"));
        Assert.Equal(1, program.Requests);
    }

    [Fact]
    public async Task Request_WhoseDeadlineIsOver_IsNotStarted()
    {
        await using Upstream program = await Upstream.StartAsync();
        await using TestAgent agent = await InboundAgent.StartAsync(program.Uri);
        using var client = new HttpClient { BaseAddress = agent.Inbound[0] };
        client.DefaultRequestHeaders.Add("x-envoy-expected-rq-timeout-ms", "0");

        Assert.Equal(HttpStatusCode.GatewayTimeout, await StatusAsync(client, "/x"));
        Assert.Equal(0, program.Requests);
    }

    [Fact]
    public async Task Program_ThatIsGone_IsABadGateway()
    {
        Upstream program = await Upstream.StartAsync();
        Uri uri = program.Uri;
        await program.DisposeAsync();
        await using TestAgent agent = await InboundAgent.StartAsync(uri);
        using var client = new HttpClient { BaseAddress = agent.Inbound[0] };

        using HttpResponseMessage answer = await client.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal("connect-failure", answer.Headers.GetValues("x-mesh-reason").Single());
    }

    [Fact]
    public async Task Grpc_AtTheListener_ReachesTheProgram()
    {
        await using Upstream program = await Upstream.StartAsync(
            static async context =>
            {
                var exchange = new GrpcExchange(context);
                await exchange.ReadAsync(SimpleRequest.Parser);
                await exchange.WriteAsync(new SimpleResponse { ServerId = context.Request.Host.Value });
                await exchange.EndAsync();
            },
            HttpProtocols.Http2);
        await using TestAgent agent = await InboundAgent.StartAsync(program.Uri);
        using var caller = new GrpcCaller(new SocketsHttpHandler(), agent.Inbound[0].GetLeftPart(UriPartial.Authority));

        GrpcReply<SimpleResponse> reply = await caller.UnaryAsync(TestService.UnaryCall, new SimpleRequest());

        Assert.Equal((GrpcCode.OK, agent.Inbound[0].Authority), (reply.Code, reply.Message?.ServerId));
    }

    [Fact]
    public async Task Call_FromProgramToProgram_GoesThroughBothAgents()
    {
        await using Upstream inventory = await Upstream.StartAsync();
        await using TestAgent theirs = await InboundAgent.StartAsync(inventory.Uri, keys: [("Mesh:Server:Access:0:Allow:Callers:0", "shop"), ("Mesh:Server:DefaultAccess", "Deny"), ("Mesh:Server:TrustedNetworks:0", "127.0.0.1")]);
        await using Upstream shop = await Upstream.StartAsync();
        await using TestAgent ours = await TestAgent.StartAsync(
            [],
            [
                ("Mesh:Services:inventory:Endpoints:0:Address", theirs.Inbound[0].GetLeftPart(UriPartial.Authority)),
                ("Agent:Inbound:0:Service", "shop"),
                ("Agent:Inbound:0:Listen", "http://127.0.0.1:0"),
                ("Agent:Inbound:0:Forward", shop.Uri.GetLeftPart(UriPartial.Authority)),
            ]);
        using HttpClient program = ours.Proxied();

        // Nobody said who calls: it is the one program that the agent stands before.
        Assert.Contains("x-mesh-caller: shop\n", await program.GetStringAsync(new Uri("http://inventory/parts"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        using var stranger = new HttpClient { BaseAddress = theirs.Inbound[0] };
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(stranger, "/parts"));
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using HttpResponseMessage answer = await client.GetAsync(new Uri(client.BaseAddress + path[1..], new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }), TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
