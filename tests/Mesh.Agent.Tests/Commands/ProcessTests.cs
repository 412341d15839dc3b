using System.Net;
using System.Text.RegularExpressions;
using Mesh.Agent.Tests.Support;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Agent.Tests.Commands;

/// <summary>The program as it is started and stopped.</summary>
public sealed partial class ProcessTests
{
    [Fact]
    public async Task Run_UntilItIsTold_ServesAndEndsWith0()
    {
        await using Upstream orders = await Upstream.StartAsync();
        using var file = new ConfigFile($$"""{ "Mesh": { "Discovery": { "CacheDirectory": "" }, "Services": { "orders": { "Endpoints": [ { "Address": "{{orders.Uri}}" } ] } } }, "Agent": { "Outbound": [ "http://127.0.0.1:0" ] } }""");
        using var agent = new AgentProcess([("Agent__Admin", "http://127.0.0.1:0")], "run", "--config", file.Path);
        Uri[] listeners = [.. Address().Matches(await agent.ReadyAsync()).Select(static m => new Uri(m.Value))];
        using var client = new HttpClient(new SocketsHttpHandler { Proxy = new WebProxy(listeners[0]) });
        using var admin = new HttpClient { BaseAddress = listeners[1] };

        Assert.StartsWith("HTTP/1.1 GET /", await client.GetStringAsync(new Uri("http://orders/"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal("healthy\n", await admin.GetStringAsync(new Uri("/healthz", UriKind.Relative), TestContext.Current.CancellationToken));
        Assert.Equal("ready\n", await admin.GetStringAsync(new Uri("/readyz", UriKind.Relative), TestContext.Current.CancellationToken));
        Assert.Equal(0, await agent.TerminateAsync());
        Assert.DoesNotContain("warn:", agent.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WhereThePortIsTaken_EndsWith1()
    {
        await using Upstream taken = await Upstream.StartAsync();
        using var agent = new AgentProcess([("Agent__Outbound__0", $"http://127.0.0.1:{taken.Uri.Port}"), ("Agent__Admin", ""), ("Mesh__Discovery__CacheDirectory", "")], "run");

        Assert.Equal(1, await agent.ExitAsync());
        Assert.Contains("address already in use", agent.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task File_ThatChanges_IsReadAgain()
    {
        await using Upstream outside = await Upstream.StartAsync();
        using var file = new ConfigFile("""{ "Mesh": { "Discovery": { "CacheDirectory": "" } }, "Agent": { "Outbound": [ "http://127.0.0.1:0" ], "Admin": "" } }""");
        using var agent = new AgentProcess([], "run", "-c", file.Path);
        Uri outbound = Address().Matches(await agent.ReadyAsync()).Select(static m => new Uri(m.Value)).First();
        using var client = new HttpClient(new SocketsHttpHandler { Proxy = new WebProxy(outbound) { BypassProxyOnLocal = false } });
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync(outside.Uri, TestContext.Current.CancellationToken)).StatusCode);

        await File.WriteAllTextAsync(file.Path, """{ "Mesh": { "Discovery": { "CacheDirectory": "" } }, "Agent": { "Outbound": [ "http://127.0.0.1:0" ], "Admin": "", "PassThrough": [ "127.0.0.1" ] } }""", TestContext.Current.CancellationToken);

        while ((await client.GetAsync(outside.Uri, TestContext.Current.CancellationToken)).StatusCode is not HttpStatusCode.OK)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    [Theory]
    [InlineData("{ \"Mesh\": { \"Servces\": { } }, \"Agent\": { \"Outbound\": [ \"http://127.0.0.1:0\" ], \"Admin\": \"\" } }", "Mesh:Servces is no key of the mesh; did you mean \"Services\"?")]
    [InlineData("{ \"Mesh\": { \"Discovery\": { \"CacheDirectory\": \"\" } }, \"Agent\": { \"Outbnd\": [ ] } }", "Agent:Outbnd is no key of the mesh; did you mean \"Outbound\"?")]
    [InlineData("{\n  \"Mesh\": {\n    oops\n", "LineNumber: 2")]
    public async Task File_ThatIsNotValid_IsRefusedOnceAndTheLastGoodOneStays(string text, string error)
    {
        await using Upstream orders = await Upstream.StartAsync();
        string good = $$"""{ "Mesh": { "Discovery": { "CacheDirectory": "" }, "Services": { "orders": { "Endpoints": [ { "Address": "{{orders.Uri}}" } ] } } }, "Agent": { "Outbound": [ "http://127.0.0.1:0" ], "Admin": "", "PassThrough": [ "a.example" ] } }""";
        using var file = new ConfigFile(good);
        using var agent = new AgentProcess([], "run", "-c", file.Path);
        Uri outbound = Address().Matches(await agent.ReadyAsync()).Select(static m => new Uri(m.Value)).First();
        using var client = new HttpClient(new SocketsHttpHandler { Proxy = new WebProxy(outbound) });

        await File.WriteAllTextAsync(file.Path, text, TestContext.Current.CancellationToken);
        await Until.HoldsAsync(() => agent.Output.Contains(error, StringComparison.Ordinal));

        Assert.StartsWith("HTTP/1.1 GET /", await client.GetStringAsync(new Uri("http://orders/"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await File.WriteAllTextAsync(file.Path, good.Replace("a.example", "b.example", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        await Until.HoldsAsync(() => agent.Output.Contains("The configuration of the agent changed", StringComparison.Ordinal));
        Assert.Equal(1, Occurrences(agent.Output, error));
        Assert.Equal(0, await agent.TerminateAsync());
    }

    private static int Occurrences(string text, string part) => text.Split(part).Length - 1;

    [GeneratedRegex(@"http://[\d.:]+")]
    private static partial Regex Address();
}
