using System.Globalization;
using System.Net;
using Mesh.IntegrationTests.Agent.Servers;
using Mesh.IntegrationTests.Consul.Registration;
using Mesh.IntegrationTests.Consul.Servers;
using Mesh.IntegrationTests.Wire;
using Mesh.IntegrationTests.Wire.Servers;
using Microsoft.AspNetCore.Http;

namespace Mesh.IntegrationTests.Agent.Registration;

/// <summary>Programs behind agents stand in a real Consul while they are well, and callers notice nothing of one that leaves.</summary>
[Collection(typeof(OnTheWire))]
public sealed class RegisteredProgramTests(ITestOutputHelper output)
{
    private const int Callers = 8;

    [Fact]
    public async Task Program_BehindAnAgent_IsInConsulWhileItsHealthCheckPasses()
    {
        int health = StatusCodes.Status503ServiceUnavailable;
        await using ConsulServer consul = await ConsulServer.StartAsync();
        await using RealServer program = await RealServer.StartAsync(context =>
        {
            context.Response.StatusCode = context.Request.Path == "/healthz" ? Volatile.Read(ref health) : StatusCodes.Status200OK;
            return Task.CompletedTask;
        });
        await using AgentProcess agent = await AgentProcess.StartAsync(Inbound(consul, program, "inventory-1"));

        // It was asked, said no, and is not there.
        await RegistryView.UntilAsync(() => Task.FromResult(program.Requests >= 3), "the program is asked");
        Assert.Equal("[]", await InstancesAsync(consul));

        Volatile.Write(ref health, StatusCodes.Status200OK);
        TimeSpan there = await RegistryView.UntilAsync(async () => (await consul.PassingAsync("inventory")).Contains("inventory-1"), "it is registered");
        string instance = await consul.GetAsync("/v1/agent/service/inventory-1");
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"\"Port\":{agent.Inbound},"), instance, StringComparison.Ordinal);
        Assert.Contains("\"version\":\"v1\"", instance, StringComparison.Ordinal);

        Volatile.Write(ref health, StatusCodes.Status500InternalServerError);
        TimeSpan gone = await RegistryView.UntilAsync(async () => await InstancesAsync(consul) == "[]", "it is taken out");

        Volatile.Write(ref health, StatusCodes.Status204NoContent);
        TimeSpan back = await RegistryView.UntilAsync(async () => (await consul.PassingAsync("inventory")).Contains("inventory-1"), "it is back");

        Assert.Equal(0, await agent.TerminateAsync());
        Assert.Equal("[]", await InstancesAsync(consul));
        output.WriteLine($"asked each 0.1 s: there after {there.TotalMilliseconds:F0} ms, gone after {gone.TotalMilliseconds:F0} ms, back after {back.TotalMilliseconds:F0} ms");
    }

    [Fact]
    public async Task Stop_OfOneAgentOfTwo_FailsNoCall()
    {
        await using ConsulServer consul = await ConsulServer.StartAsync();
        await using RealServer first = await RealServer.StartAsync(static context => AnswerAsync(context, "first"));
        await using RealServer second = await RealServer.StartAsync(static context => AnswerAsync(context, "second"));
        await using AgentProcess one = await AgentProcess.StartAsync(Inbound(consul, first, "inventory-1"));
        await using AgentProcess two = await AgentProcess.StartAsync(Inbound(consul, second, "inventory-2"));

        // No call is made twice, so that each that is lost is seen.
        await using AgentProcess caller = await AgentProcess.StartAsync(("Mesh:Consul:Address", consul.Address), ("Mesh:Services:inventory:Retry:MaxAttempts", "1"));
        await RegistryView.UntilAsync(async () => (await consul.PassingAsync("inventory")).Length == 2, "both are registered");
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var client = new HttpClient(new SocketsHttpHandler { Proxy = new WebProxy("127.0.0.1", caller.Outbound), UseProxy = true });
        Task<(int First, int Second)>[] calling = [.. Enumerable.Range(0, Callers).Select(_ => CallAsync(client, end.Token))];
        await RegistryView.UntilAsync(() => Task.FromResult(first.Requests > 200 && second.Requests > 200), "both are called");

        Assert.Equal(0, await one.TerminateAsync());

        int before = first.Requests;
        int after = second.Requests;
        await RegistryView.UntilAsync(() => Task.FromResult(second.Requests > after + 200), "the other is called on");
        Assert.Equal(["inventory-2"], await consul.PassingAsync("inventory"));
        await end.CancelAsync();
        (int First, int Second)[] answered = await Task.WhenAll(calling);
        Assert.True(answered.Sum(static a => a.First) > 0 && answered.Sum(static a => a.Second) > 200);

        // Its agent has ended, and asks it no more either.
        Assert.Equal(before, first.Requests);
        output.WriteLine($"{answered.Sum(static a => a.First)} and {answered.Sum(static a => a.Second)} calls, none failed");
    }

    private static Task<string> InstancesAsync(ConsulServer consul) => consul.GetAsync("/v1/catalog/service/inventory");

    private static (string Key, string Value)[] Inbound(ConsulServer consul, RealServer program, string id) =>
    [
        ("Agent:Inbound:0:Service", "inventory"),
        ("Agent:Inbound:0:Listen", "http://127.0.0.1:0"),
        ("Agent:Inbound:0:Forward", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{program.Port}")),
        ("Agent:Inbound:0:HealthCheck", "/healthz"),
        ("Agent:Inbound:0:HealthInterval", "00:00:00.100"),
        ("Agent:Inbound:0:Labels:version", "v1"),
        ("Agent:Inbound:0:Registration:InstanceId", id),
        ("Agent:Inbound:0:Registration:WarmUp", "00:00:00"),
        ("Agent:Inbound:0:Registration:DrainDelay", "00:00:01"),
        ("Mesh:Consul:Address", consul.Address),
    ];

    private static async Task AnswerAsync(HttpContext context, string name)
    {
        // Long enough that calls are under way when the agent is told to stop.
        await Task.Delay(TimeSpan.FromMilliseconds(20), context.RequestAborted);
        await context.Response.WriteAsync(name, context.RequestAborted);
    }

    private static async Task<(int First, int Second)> CallAsync(HttpClient client, CancellationToken end)
    {
        (int first, int second) = (0, 0);
        while (!end.IsCancellationRequested)
        {
            using HttpResponseMessage answer = await client.GetAsync(new Uri("http://inventory/"), TestContext.Current.CancellationToken);
            string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{answer.StatusCode}: {text}");
            first += text == "first" ? 1 : 0;
            second += text == "second" ? 1 : 0;
        }

        return (first, second);
    }
}
