using System.Diagnostics;
using System.Text.RegularExpressions;
using Mesh.Client.OpenTelemetry.Tests.Fakes;
using Mesh.Client.Options;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.OpenTelemetry.Tests.Spans;

/// <summary>
/// W3C trace context (https://www.w3.org/TR/trace-context/) through a service that receives with <c>UseMesh()</c> and calls through the mesh: what the runtime reads and writes, the mesh neither spoils nor
/// doubles, in a first attempt, a second one, a hedge, a redirect and a mirror. A plain <see cref="HttpClient"/> beside it says what the runtime does.
/// </summary>
public sealed partial class TraceContextTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string Parent = $"00-{Trace}-b7ad6b7169203331-01";

    private static readonly string s_longState = string.Join(',', Enumerable.Range(0, 33).Select(static i => $"k{i}=v"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>What comes in, and whether its trace goes on.</summary>
    public static TheoryData<string, string[], string[], bool> Cases => new()
    {
        { "valid", [Parent], ["vendor=1,other=2"], true },
        { "not sampled", [$"00-{Trace}-b7ad6b7169203331-00"], [], true },
        { "none", [], ["vendor=1"], false },
        { "malformed", ["garbage"], ["vendor=1"], false },
        { "too short", [Parent[..^1]], ["vendor=1"], false },
        { "over-long for its version", [$"{Parent}-aa"], ["vendor=1"], false },
        { "upper case", [Parent.ToUpperInvariant()], [], false },
        { "no trace", [$"00-{new string('0', 32)}-b7ad6b7169203331-01"], [], false },
        { "no parent", [$"00-{Trace}-{new string('0', 16)}-01"], [], false },
        { "forbidden version", [$"ff-{Trace}-b7ad6b7169203331-01"], [], false },
        { "twice", [Parent, Parent.Replace("0af7", "1af7", StringComparison.Ordinal)], ["vendor=1"], false },
        { "unknown version", [$"cc-{Trace}-b7ad6b7169203331-01"], ["vendor=1"], true },

        // A version of its own might have more; the runtime does not read it.
        { "unknown version with more", [$"cc-{Trace}-b7ad6b7169203331-01-what-the-future-will-be-like"], [], false },
        { "state in two lines", [Parent], ["vendor=1", "other=2"], true },
        { "state of 33 members", [Parent], [s_longState], true },
        { "state of over 512 characters", [Parent], [$"a={new string('x', 250)},b={new string('y', 250)},c={new string('z', 250)}"], true },
        { "state with a member twice", [Parent], ["vendor=1,vendor=2"], true },
        { "state malformed", [Parent], ["=,;;"], true },
        { "state with an empty member", [Parent], ["vendor=1,,other=2"], true },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Trace_OfAnInboundRequest_GoesOnAsTheRuntimeWouldHaveIt(string name, string[] parents, string[] states, bool goesOn)
    {
        foreach (bool isCollected in (bool[])[true, false])
        {
            using CollectedSpans? spans = isCollected ? new CollectedSpans() : null;
            await using Backend plain = await Backend.StartAsync(200);
            await using Backend broken = await Backend.StartAsync(503);
            await using Backend well = await Backend.StartAsync(200);
            await using Backend shadow = await Backend.StartAsync(200);
            using var mesh = new CallingMesh([broken.Address, well.Address], static o => o.Routes.Add(new RouteRuleOptions { Name = "copied", Mirror = new MirrorOptions { Service = "shadow" } }), keys: [("Services:shadow:Endpoints:0:Address", shadow.Address)]);
            using var client = new HttpClient();
            await using ReceivingService service = await ReceivingService.StartAsync(async () =>
            {
                (await client.GetAsync(new Uri(plain.Address), Token)).Dispose();
                await mesh.GetAsync();
            });

            await service.ReceiveAsync(parents, states);
            await Until.HoldsAsync(() => !shadow.TraceParents.IsEmpty);

            string expected = Assert.Single(plain.TraceParents);
            string[] sent = [.. broken.TraceParents, .. well.TraceParents, .. shadow.TraceParents];
            Assert.All([expected, .. sent], p => Assert.Matches(Valid(), p));
            Assert.True(goesOn == expected.Contains(Trace, StringComparison.Ordinal), $"{name}: {expected}");
            Assert.All(sent, p => Assert.Equal((expected[..36], expected[^2..]), (p[..36], p[^2..])));
            Assert.True(sent.Append(expected).Distinct().Count() == 4, $"{name}, collected {isCollected}: {string.Join(' ', sent)}");
            Assert.All([.. broken.TraceStates, .. well.TraceStates, .. shadow.TraceStates], s => Assert.Equal(plain.TraceStates.Single(), s));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Trace_OfEachAttempt_NamesASpanOfItsOwn(bool isCollected)
    {
        using CollectedSpans? spans = isCollected ? new CollectedSpans() : null;
        await using Backend slow = await Backend.StartAsync(static context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        await using Backend broken = await Backend.StartAsync(503);
        await using Backend moved = await Backend.StartAsync(static context =>
        {
            (context.Response.StatusCode, context.Response.Headers.Location) = (307, "http://orders/there");
            return Task.CompletedTask;
        });
        await using Backend well = await Backend.StartAsync(200);
        using var hedging = new CallingMesh([slow.Address, well.Address], static o => o.Hedging.Delay = TimeSpan.FromMilliseconds(50));
        using var retrying = new CallingMesh([broken.Address, well.Address]);
        using var following = new CallingMesh([], keys: [("Services:orders:Endpoints:0:Address", moved.Address), ("Services:orders:Endpoints:0:Labels:v", "1"), ("Services:orders:Endpoints:1:Address", well.Address), ("Services:orders:Endpoints:1:Labels:v", "2"),
            ("Services:orders:Routes:0:Name", "there"), ("Services:orders:Routes:0:Match:Prefix", "/there"), ("Services:orders:Routes:0:Split:0:Labels:v", "2"), ("Services:orders:Routes:1:Name", "here"), ("Services:orders:Routes:1:Split:0:Labels:v", "1")]);
        using Activity ambient = new Activity("request").SetIdFormat(ActivityIdFormat.W3C);
        (ambient.TraceStateString, ambient.ActivityTraceFlags) = ("vendor=1,other=2", ActivityTraceFlags.Recorded);
        ambient.Start();

        foreach (CallingMesh mesh in (CallingMesh[])[hedging, retrying, following])
        {
            Assert.Equal(200, await mesh.GetAsync());
        }

        await Until.HoldsAsync(() => !slow.TraceParents.IsEmpty);
        string[] sent = [.. slow.TraceParents, .. broken.TraceParents, .. moved.TraceParents, .. well.TraceParents];
        Assert.Equal(6, sent.Distinct().Count());
        Assert.All(sent, p => Assert.StartsWith($"00-{ambient.TraceId}-", p, StringComparison.Ordinal));
        Assert.All([.. slow.TraceStates, .. broken.TraceStates, .. moved.TraceStates, .. well.TraceStates], static s => Assert.Equal("vendor=1,other=2", s));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Trace_TheCallerSetItItself_IsSentSoByEachAttemptAndItsCopy(bool isCollected)
    {
        using CollectedSpans? spans = isCollected ? new CollectedSpans() : null;
        await using Backend slow = await Backend.StartAsync(static context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        await using Backend well = await Backend.StartAsync(200);
        using var mesh = new CallingMesh([slow.Address, well.Address], static o => o.Hedging.Delay = TimeSpan.FromMilliseconds(50));
        using Activity ambient = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "traceparent", Parent }, { "tracestate", "mine=1" } } };

        using HttpResponseMessage response = await mesh.Client.SendAsync(request, Token);
        await Until.HoldsAsync(() => !slow.TraceParents.IsEmpty);

        Assert.Equal([Parent, Parent], slow.TraceParents.Concat(well.TraceParents));
        Assert.Equal(["mine=1", "mine=1"], slow.TraceStates.Concat(well.TraceStates));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Trace_ThatAProxyPassesOn_IsSentSoByEachAttempt(bool isCollected)
    {
        using CollectedSpans? spans = isCollected ? new CollectedSpans() : null;
        await using Backend broken = await Backend.StartAsync(503);
        await using Backend well = await Backend.StartAsync(200);
        using var mesh = new CallingMesh([broken.Address, well.Address]);
        using Activity served = new Activity("request").SetParentId(Parent).Start();
        using Activity within = new Activity("copy").Start();

        for (int i = 0; i < 4; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "traceparent", Parent } } };
            using HttpResponseMessage response = await mesh.Client.SendAsync(request, Token);
        }

        Assert.NotEmpty(broken.TraceParents);
        Assert.All(broken.TraceParents.Concat(well.TraceParents), static p => Assert.Equal(Parent, p));
    }

    [GeneratedRegex("^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-0[0-3]$")]
    private static partial Regex Valid();
}
