using System.Diagnostics;
using Mesh.Client.AspNetCore.Tests.Receiving;
using Mesh.Client.Inbound;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.AspNetCore.Tests.Lanes;

/// <summary><c>Server:Lanes</c> before a real server.</summary>
public sealed class LaneEntryTests
{
    private static readonly (string, string?)[] s_rules =
    [
        ("Lanes:0:Name", "blue"), ("Lanes:0:Match:Headers:x-beta", "1"),
        ("Lanes:1:Name", "green"), ("Lanes:1:Match:Path", "/new/**"), ("Lanes:1:Match:Methods:0", "GET"),
        ("Lanes:2:Name", "web"), ("Lanes:2:Match:Callers:0", "web"),
        ("Lanes:3:Name", "query"), ("Lanes:3:Match:Query:lane", "yes please"),
        ("Lanes:4:Name", "prefix"), ("Lanes:4:Match:Prefix", "/a%20b"),
    ];

    [Theory]
    [InlineData("GET /", "-")]
    [InlineData("GET /", "blue", "x-beta: 1")]
    [InlineData("GET /", "-", "x-beta: 2")]
    [InlineData("GET /new/x?y", "green")]
    [InlineData("GET http://service/new/x", "green")]
    [InlineData("POST /new/x", "-")]
    [InlineData("GET /new/x", "blue", "X-Beta: 1")]
    [InlineData("GET /?lane=yes+please", "query")]
    [InlineData("GET /a%20b/c", "prefix")]
    [InlineData("GET /", "web", "x-mesh-caller: web")]
    [InlineData("GET /", "red", "x-beta: 1", "baggage: a=b,mesh-lane=red")]
    [InlineData("GET /", "blue", "x-beta: 1", "baggage: a=b,mesh-lane=no/name")]
    public async Task Request_InNoLaneYet_EntersThatOfTheFirstRuleThatMatches(string line, string lane, params string[] headers)
    {
        await using ReceivingApp app = await ReceivingApp.StartAsync(s_rules, Tell);

        Assert.EndsWith($"lane {lane}", (await app.RawAsync(line, headers)).TrimEnd('\r', '\n', '0'), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_FromElsewhere_LosesItsOwnLaneAndMayEnterByARule()
    {
        await using ReceivingApp app = await ReceivingApp.StartAsync([.. s_rules, ("TrustedNetworks:0", "10.0.0.0/8")], Tell);

        Assert.Contains("lane -", await app.RawAsync("GET /", "baggage: mesh-lane=red"), StringComparison.Ordinal);
        Assert.Contains("lane blue", await app.RawAsync("GET /", "baggage: mesh-lane=red", "x-beta: 1"), StringComparison.Ordinal);
        Assert.Contains("lane -", await app.RawAsync("GET /", "x-mesh-caller: web"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_InAFraction_IsDrawn()
    {
        await using ReceivingApp app = await ReceivingApp.StartAsync([("Lanes:0:Name", "blue"), ("Lanes:0:Match:Fraction", "0.25")], Tell);

        Assert.InRange(await CountAsync(app, "blue", 400), 60, 140);
    }

    [Fact]
    public async Task Request_WithAKey_StaysInOrOutAndALargerFractionKeepsWhoIsIn()
    {
        (string, string?)[] rule = [("Lanes:0:Name", "blue"), ("Lanes:0:Key", "header:x-user")];
        await using ReceivingApp few = await ReceivingApp.StartAsync([.. rule, ("Lanes:0:Match:Fraction", "0.2")], Tell);
        await using ReceivingApp more = await ReceivingApp.StartAsync([.. rule, ("Lanes:0:Match:Fraction", "0.6")], Tell);

        string[] first = await UsersAsync(few, "blue");
        string[] again = await UsersAsync(few, "blue");
        string[] later = await UsersAsync(more, "blue");

        Assert.Equal(first, again);
        Assert.InRange(first.Length, 25, 55);
        Assert.InRange(later.Length, 95, 145);
        Assert.Empty(first.Except(later));
    }

    [Fact]
    public async Task Request_TwoRulesByTheSameKey_EachHasItsShare()
    {
        await using ReceivingApp app = await ReceivingApp.StartAsync(
            [
                ("Lanes:0:Name", "blue"), ("Lanes:0:Key", "header:x-user"), ("Lanes:0:Match:Fraction", "0.5"),
                ("Lanes:1:Name", "green"), ("Lanes:1:Key", "header:x-user"), ("Lanes:1:Match:Fraction", "0.5"),
            ],
            Tell);

        Assert.InRange((await UsersAsync(app, "blue")).Length, 75, 125);
        Assert.InRange((await UsersAsync(app, "green")).Length, 30, 70);
    }

    [Theory]
    [InlineData("query:user", "GET /?user=ann", "GET /x?a=1&user=ann")]
    [InlineData("cookie:user", "GET /", "GET /x")]
    [InlineData("path", "GET /ann", "GET /ann?x=1")]
    [InlineData("caller", "GET /", "GET /x")]
    public async Task Request_WithAKeyOfAnyKind_IsAlwaysDecidedAlike(string key, string one, string other)
    {
        await using ReceivingApp app = await ReceivingApp.StartAsync([("Lanes:0:Name", "blue"), ("Lanes:0:Key", key), ("Lanes:0:Match:Fraction", "0.5")], Tell);
        HashSet<string> seen = [];
        for (int i = 0; i < 20; i++)
        {
            string answer = await app.RawAsync(i % 2 == 0 ? one : other, "Cookie: user=ann", "x-mesh-caller: ann");
            seen.Add(answer[answer.IndexOf("lane ", StringComparison.Ordinal)..]);
        }

        Assert.Single(seen);
    }

    [Fact]
    public async Task Request_ThatEntersALane_TellsTheRuntimeNothing()
    {
        string seen = "nothing";
        await using ReceivingApp app = await ReceivingApp.StartAsync([("Lanes:0:Name", "blue")], context =>
        {
            seen = string.Join(',', Activity.Current?.Baggage.Select(static b => b.Key) ?? []);
            return Task.CompletedTask;
        });

        Assert.Equal(200, await app.StatusOfAsync("GET /", "baggage: a=b"));

        Assert.Equal("a", seen);
    }

    private static async Task<int> CountAsync(ReceivingApp app, string lane, int requests)
    {
        int count = 0;
        for (int i = 0; i < requests; i++)
        {
            count += await app.Client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken) == $"lane {lane}" ? 1 : 0;
        }

        return count;
    }

    private static async Task<string[]> UsersAsync(ReceivingApp app, string lane)
    {
        List<string> users = [];
        for (int i = 0; i < 200; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/", UriKind.Relative)) { Headers = { { "x-user", $"user-{i}" } } };
            using HttpResponseMessage response = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);
            if (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken) == $"lane {lane}")
            {
                users.Add($"user-{i}");
            }
        }

        return [.. users];
    }

    private static Task Tell(HttpContext context)
    {
        string text = $"lane {context.RequestServices.GetRequiredService<InboundContext>().Current!.Lane ?? "-"}";
        context.Response.ContentLength = text.Length;
        return context.Response.WriteAsync(text);
    }
}
