using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Mesh.Agent.Tests.Commands;
using Mesh.Agent.Tests.Support;
using Mesh.Client.Tests.Waiting;
using Mesh.IntegrationTests.Consul.Servers;
using Mesh.IntegrationTests.Grpc.Messages;
using Mesh.IntegrationTests.Grpc.Support;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Mesh.IntegrationTests.Agent;

/// <summary>What an agent does from its start to its end, with a real Consul: the same for each form of the program.</summary>
internal static partial class AgentStory
{
    /// <summary>Lives through it.</summary>
    /// <param name="program">What is started.</param>
    /// <param name="running">Looks at the agent while it has nothing to do.</param>
    public static async Task RunAsync(string[] program, Action<AgentProcess>? running = null)
    {
        await using ConsulServer consul = await ConsulServer.StartAsync();
        await using Upstream stock = await Upstream.StartAsync();
        await using Upstream own = await Upstream.StartAsync();
        await using Upstream greeter = await Upstream.StartAsync(
            static async context =>
            {
                var exchange = new GrpcExchange(context);
                SimpleRequest request = (await exchange.ReadAsync(SimpleRequest.Parser))!;
                await exchange.WriteAsync(new SimpleResponse { Payload = InteropPayload.Zeros(request.ResponseSize) });
                await exchange.EndAsync();
            },
            HttpProtocols.Http2);
        await consul.RegisterAsync("stock", "stock-1", stock.Uri.Port);
        string settings = Settings(consul, own, greeter, more: "");
        using var file = new ConfigFile(settings);
        using var agent = new AgentProcess(program, [], "run", "--config", file.Path);
        Uri[] listeners = [.. Address().Matches(await agent.ReadyAsync()).Select(static m => new Uri(m.Value))];
        await Until.HoldsAsync(() => Inbound().IsMatch(agent.Output));
        var inbound = new Uri(Inbound().Match(agent.Output).Groups[1].Value);
        running?.Invoke(agent);

        await CallAsync(listeners[0], inbound, greeterName: "greeter");
        await Until.HoldsAsync(() => consul.GetAsync("/v1/health/service/inventory?passing").GetAwaiter().GetResult().Contains("inventory", StringComparison.Ordinal));
        await ReloadAsync(agent, file, settings, Settings(consul, own, greeter, $$""", "late": { "Endpoints": [ { "Address": "{{stock.Uri}}" } ] }"""), listeners[0]);
        await CommandsAsync(program, file.Path);

        Assert.Equal(0, await agent.TerminateAsync());
        Assert.Equal("[]", (await consul.GetAsync("/v1/catalog/service/inventory")).Trim());
        Assert.DoesNotContain("Exception", agent.Output, StringComparison.Ordinal);
    }

    private static async Task CallAsync(Uri outbound, Uri inbound, string greeterName)
    {
        using var client = new HttpClient(new SocketsHttpHandler { Proxy = new WebProxy(outbound) });
        Assert.StartsWith("HTTP/1.1 GET /a%2Fb?c", await client.GetStringAsync(new Uri("http://stock/a%2Fb?c"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        string posted = await (await client.PostAsync(new Uri("http://stock/"), new ByteArrayContent(new byte[100_000]), TestContext.Current.CancellationToken)).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("content-length: 100000\n", posted, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync(new Uri("http://foreign.example/"), TestContext.Current.CancellationToken)).StatusCode);

        using var caller = new GrpcCaller(Direct(outbound), $"http://{greeterName}");
        GrpcReply<SimpleResponse> reply = await caller.UnaryAsync(TestService.UnaryCall, new SimpleRequest { ResponseSize = 1000 });
        Assert.Equal((GrpcCode.OK, 1000), (reply.Code, reply.Message?.Payload.Body.Length));

        using var peer = new HttpClient();
        string seen = await peer.GetStringAsync(new Uri(inbound, "/x"), TestContext.Current.CancellationToken);
        Assert.StartsWith("HTTP/1.1 GET /x\n", seen, StringComparison.Ordinal);
        Assert.Contains("x-forwarded-for: 127.0.0.1\n", seen, StringComparison.Ordinal);
    }

    private static async Task ReloadAsync(AgentProcess agent, ConfigFile file, string good, string better, Uri outbound)
    {
        using var client = new HttpClient(new SocketsHttpHandler { Proxy = new WebProxy(outbound) });
        await File.WriteAllTextAsync(file.Path, good.Replace("\"Services\"", "\"Servces\"", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        await Until.HoldsAsync(() => agent.Output.Contains("did you mean \"Services\"?", StringComparison.Ordinal));
        Assert.StartsWith("HTTP/1.1", await client.GetStringAsync(new Uri("http://stock/"), TestContext.Current.CancellationToken), StringComparison.Ordinal);

        await File.WriteAllTextAsync(file.Path, better, TestContext.Current.CancellationToken);
        while ((await client.GetAsync(new Uri("http://late/"), TestContext.Current.CancellationToken)).StatusCode is not HttpStatusCode.OK)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            Assert.False(agent.HasExited, agent.Output);
        }
    }

    private static async Task CommandsAsync(string[] program, string file)
    {
        Assert.Equal((0, true), await CommandAsync(program, "10", "explain", "--config", file, "http://stock/", "-H", "x: y"));
        Assert.Equal((0, true), await CommandAsync(program, "\"service\": \"stock\"", "explain", "--config", file, "http://stock/", "--json"));
        Assert.Equal((3, true), await CommandAsync(program, "cannot be called", "explain", "--config", file, "http://nobody.example/"));
        Assert.Equal((0, true), await CommandAsync(program, "is valid", "check", "--config", file));
        Assert.Equal((2, true), await CommandAsync(program, "no/such/file", "check", "--config", "/no/such/file"));
        Assert.Equal((0, true), await CommandAsync(program, "2020-12", "schema"));
        Assert.Equal((0, true), await CommandAsync(program, "Exit codes", "help", "explain"));
    }

    private static async Task<(int Code, bool Says)> CommandAsync(string[] program, string part, params string[] args)
    {
        using var command = new AgentProcess(program, [], args);
        int code = await command.ExitAsync();
        await Until.HoldsAsync(() => command.Output.Contains(part, StringComparison.Ordinal));
        return (code, true);
    }

    private static string Settings(ConsulServer consul, Upstream own, Upstream greeter, string more) => string.Create(CultureInfo.InvariantCulture, $$"""
        {
          "$schema": "agent.schema.json",
          "Agent": {
            "Outbound": [ "http://127.0.0.1:0" ], "Admin": "http://127.0.0.1:0",
            "Inbound": [
              {
                "Service": "inventory", "Listen": "http://127.0.0.1:0", "Forward": "{{own.Uri.GetLeftPart(UriPartial.Authority)}}", "HealthCheck": "/healthz", "HealthInterval": "00:00:00.200",
                "Registration": { "DrainDelay": "00:00:00.100", "Check": { "Type": "Tcp", "Interval": "00:00:01" } }
              }
            ]
          },
          "Mesh": {
            "Discovery": { "CacheDirectory": "" },
            "Consul": { "Address": "{{consul.Address}}" },
            "Services": { "greeter": { "Endpoints": [ { "Address": "{{greeter.Uri}}" } ] }{{more}} }
          }
        }
        """);

    private static SocketsHttpHandler Direct(Uri outbound) => new()
    {
        UseProxy = false,
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, outbound.Port), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };

    [GeneratedRegex(@"http://[\d.:]+")]
    private static partial Regex Address();

    [GeneratedRegex(@"Inbound inventory: (http://[\d.:]+) leads")]
    private static partial Regex Inbound();
}
