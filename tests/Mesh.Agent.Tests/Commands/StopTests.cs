using System.Text.RegularExpressions;
using Mesh.Agent.Tests.Support;
using Mesh.Client.Tests.Waiting;
using Microsoft.AspNetCore.Http;

namespace Mesh.Agent.Tests.Commands;

/// <summary>How a running agent ends, and how one that cannot run does.</summary>
public sealed partial class StopTests
{
    [Fact]
    public async Task Terminate_ForTheSecondTime_EndsWhatIsUnderWay()
    {
        await using Upstream orders = await Upstream.StartAsync(static async context =>
        {
            await context.Response.WriteAsync("first", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        using var file = new ConfigFile($$"""
            {
              "Agent": {
                "Outbound": [ "http://127.0.0.1:0" ], "Admin": "",
                "Inbound": [ { "Service": "web", "Listen": "http://127.0.0.1:0", "Forward": "{{orders.Uri.GetLeftPart(UriPartial.Authority)}}", "Registration": { "DrainDelay": "00:01:00" } } ]
              },
              "Mesh": { "Discovery": { "CacheDirectory": "" }, "Services": { "orders": { "Endpoints": [ { "Address": "{{orders.Uri.GetLeftPart(UriPartial.Authority)}}" } ] } } }
            }
            """);
        using var agent = new AgentProcess([], "run", "-c", file.Path);
        int outbound = Port(await agent.ReadyAsync());
        int inbound = Port(agent.Output[agent.Output.IndexOf("Inbound web:", StringComparison.Ordinal)..]);
        using RawConnection called = await RawConnection.OpenAsync(outbound);
        await called.SendAsync("GET / HTTP/1.1\r\nHost: orders\r\n\r\n");
        await called.ReadUntilAsync("first");
        using RawConnection served = await RawConnection.OpenAsync(inbound);
        await served.SendAsync("GET / HTTP/1.1\r\nHost: web\r\n\r\n");
        await served.ReadUntilAsync("first");

        agent.Signal(15);
        await Until.HoldsAsync(() => agent.Output.Contains("Draining", StringComparison.Ordinal));
        Assert.False(agent.HasExited);
        agent.Signal(15);

        // A minute of drain, and half of one for each of the two streams, if nobody was in a hurry.
        Assert.Equal(0, await agent.ExitAsync().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        Assert.DoesNotContain("Exception", agent.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithInboundListenersOnly_ListensNowhereElse()
    {
        await using Upstream program = await Upstream.StartAsync();
        using var file = new ConfigFile($$"""
            {
              "Agent": { "Outbound": [], "Admin": "", "Inbound": [ { "Service": "web", "Listen": "http://127.0.0.1:0", "Forward": "{{program.Uri.GetLeftPart(UriPartial.Authority)}}", "Registration": { "DrainDelay": "00:00:00" } } ] },
              "Mesh": { "Discovery": { "CacheDirectory": "" } }
            }
            """);
        using var agent = new AgentProcess([], "run", "-c", file.Path);

        Assert.EndsWith("is ready: outbound nowhere, admin nowhere", await agent.ReadyAsync(), StringComparison.Ordinal);
        using RawConnection served = await RawConnection.OpenAsync(Port(agent.Output[agent.Output.IndexOf("Inbound web:", StringComparison.Ordinal)..]));
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", await served.AskAsync("GET / HTTP/1.1", "Host: web"), StringComparison.Ordinal);
        Assert.Equal(0, await agent.TerminateAsync());
    }

    [Theory]
    [InlineData("unix:/no/such/folder/a.sock", "unix:/no/such/folder/a.sock cannot be listened on: ", "Make its folder first, or name another path.")]
    [InlineData("http://192.0.2.99:27999", "http://192.0.2.99:27999 cannot be listened on: ", "Name an address of this machine.")]
    public async Task Run_WhereItCannotListen_SaysWhereAndWhy(string outbound, string problem, string remedy)
    {
        using var agent = new AgentProcess([("Agent__Outbound__0", outbound), ("Agent__Admin", ""), ("Agent__RemoteOutbound", "true"), ("Mesh__Discovery__CacheDirectory", "")], "run");

        Assert.Equal(1, await agent.ExitAsync());

        string line = Assert.Single(agent.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        Assert.StartsWith($"mesh-agent: {problem}", line, StringComparison.Ordinal);
        Assert.EndsWith(remedy, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WhereTheSecondProgramCannotBeListenedFor_SaysItOnce()
    {
        await using Upstream taken = await Upstream.StartAsync();
        using var agent = new AgentProcess(
            [
                ("Agent__Outbound__0", "http://127.0.0.1:0"), ("Agent__Admin", ""), ("Mesh__Discovery__CacheDirectory", ""), ("Logging__LogLevel__Default", "Error"),
                ("Agent__Inbound__0__Service", "a"), ("Agent__Inbound__0__Listen", "http://127.0.0.1:0"), ("Agent__Inbound__0__Forward", "http://127.0.0.1:1"), ("Agent__Inbound__0__Registration__DrainDelay", "00:00:00"),
                ("Agent__Inbound__1__Service", "b"), ("Agent__Inbound__1__Listen", $"http://127.0.0.1:{taken.Uri.Port}"), ("Agent__Inbound__1__Forward", "http://127.0.0.1:1"),
            ],
            "run");

        Assert.Equal(1, await agent.ExitAsync());

        string line = Assert.Single(agent.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        Assert.StartsWith($"mesh-agent: http://127.0.0.1:{taken.Uri.Port} cannot be listened on: Address already in use.", line, StringComparison.Ordinal);
    }

    private static int Port(string text) => int.Parse(Place().Match(text).Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex(@"http://127\.0\.0\.1:(\d+)")]
    private static partial Regex Place();
}
