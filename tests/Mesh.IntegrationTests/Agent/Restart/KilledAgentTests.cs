using System.Globalization;
using System.Net;
using Mesh.Client.Tests.Waiting;
using Mesh.IntegrationTests.Agent.Attacks;
using Mesh.IntegrationTests.Agent.Servers;
using Mesh.IntegrationTests.Cache;
using Mesh.IntegrationTests.Consul.Servers;

namespace Mesh.IntegrationTests.Agent.Restart;

/// <summary>An agent is killed and started again while a real Consul is away: it serves from its cache on disk within a second.</summary>
[Collection(typeof(Attacked))]
public sealed class KilledAgentTests
{
    private const int Starts = 5;

    private static readonly TimeSpan s_bar = TimeSpan.FromSeconds(1);

    // Where the machine has other work, a start takes longer than the agent needs for it: then its own time of the processor counts, and this is how long it may wait.
    private static readonly TimeSpan s_busy = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData("is killed")]
    [InlineData("hangs")]
    public async Task Agent_StartedAgainWhileConsulIsAway_ServesWithinASecond(string what)
    {
        await using ConsulServer consul = await ConsulServer.StartAsync();
        await using NginxServer nginx = await NginxServer.StartAsync();
        await consul.RegisterAsync("orders", "orders-1", nginx.Port);
        using var folder = new TempFolder();
        int port = ConsulServer.FreePorts(1)[0];
        (string Key, string Value)[] keys =
        [
            ("Agent:Outbound:0", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")),
            ("Agent:Outbound:1", $"unix:{folder.Path}/outbound.sock"),
            ("Mesh:Discovery:CacheDirectory", folder.Path),
            ("Mesh:Consul:Address", consul.Address),
        ];
        using var client = new HttpClient(new SocketsHttpHandler { Proxy = new WebProxy("127.0.0.1", port), UseProxy = true, PooledConnectionLifetime = TimeSpan.Zero });
        await using (AgentProcess first = await AgentProcess.StartAsync(keys))
        {
            Assert.Equal("GET /first orders", await client.GetStringAsync("http://orders/first", TestContext.Current.CancellationToken));
            await Until.HoldsAsync(() => Directory.EnumerateFiles(folder.Path).Any(static f => Path.GetFileName(f).StartsWith("orders-", StringComparison.Ordinal) && f.EndsWith(".json", StringComparison.Ordinal)));
            await first.KillAsync();
        }

        if (what == "hangs")
        {
            consul.Freeze();
        }
        else
        {
            consul.Kill();
        }

        List<(TimeSpan Time, TimeSpan Processor)> took = [];
        while (took.Count < Starts && !took.Any(static t => t.Time <= s_bar))
        {
            long start = TimeProvider.System.GetTimestamp();
            await using var agent = new AgentProcess(keys);
            while (await AskAsync(client) is { } fault)
            {
                Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(30), fault);
                await Task.Delay(TimeSpan.FromMilliseconds(5), TestContext.Current.CancellationToken);
            }

            took.Add((TimeProvider.System.GetElapsedTime(start), agent.ProcessorTime));
            for (int i = 0; i < 20; i++)
            {
                Assert.Null(await AskAsync(client));
            }
        }

        string all = string.Join(", ", took.Select(static t => FormattableString.Invariant($"{t.Time.TotalSeconds:F2} s ({t.Processor.TotalSeconds:F2} s of the processor)")));
        TestContext.Current.TestOutputHelper?.WriteLine($"from the start of the process to the first answer: {all}");
        Assert.True(took.Any(static t => t.Time <= s_bar || (t.Time <= s_busy && t.Processor <= s_bar)), all);
    }

    private static async Task<string?> AskAsync(HttpClient client)
    {
        try
        {
            using HttpResponseMessage answer = await client.GetAsync("http://orders/again");
            string text = await answer.Content.ReadAsStringAsync();
            return text == "GET /again orders" ? null : text;
        }
        catch (HttpRequestException error)
        {
            return error.Message;
        }
    }
}
