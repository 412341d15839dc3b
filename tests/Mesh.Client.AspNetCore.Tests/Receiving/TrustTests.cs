using System.Diagnostics;
using Mesh.Client.Inbound;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.AspNetCore.Tests.Receiving;

/// <summary>Who is calling, and whose word counts.</summary>
public sealed class TrustTests
{
    private static readonly string[] Said = ["x-mesh-caller: web", "x-mesh-priority: critical", "baggage: a=1, mesh-lane=blue;p=1, b=2"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Headers_FromThisMachine_Count()
    {
        Assert.Equal("127.0.0.1 web Critical blue | web critical a=1, mesh-lane=blue;p=1, b=2", await WhoAsync([], Said));
    }

    [Fact]
    public async Task Headers_FromElsewhere_AreTakenOff()
    {
        Assert.Equal("127.0.0.1 - Default - | - - a=1, b=2", await WhoAsync([("TrustedNetworks:0", "10.0.0.0/8")], Said));
    }

    [Theory]
    [InlineData("X-Forwarded-For: 1.2.3.4")]
    [InlineData("Forwarded: for=1.2.3.4")]
    public async Task Headers_FromAProxyOnThisMachineThatNobodyNamed_AreTakenOff(string forwarded)
    {
        Assert.Equal("127.0.0.1 - Default - | - - a=1, b=2", await WhoAsync([], [.. Said, forwarded]));
    }

    [Theory]
    [InlineData("1.2.3.4", "1.2.3.4")]
    [InlineData("10.0.0.9, 1.2.3.4", "1.2.3.4")]
    [InlineData("1.2.3.4, 127.0.0.1", "1.2.3.4")]
    [InlineData("10.0.0.9, 1.2.3.4, 127.0.0.1, 127.0.0.2", "1.2.3.4")]
    [InlineData("1.2.3.4:5678", "1.2.3.4")]
    [InlineData("::ffff:1.2.3.4", "1.2.3.4")]
    [InlineData("2001:db8::1", "2001:db8::1")]
    [InlineData("[2001:db8::1]", "2001:db8::1")]
    [InlineData("[2001:db8::1]:443", "2001:db8::1")]
    [InlineData("fe80::1%eth0", "fe80::1")]
    [InlineData("127.0.0.3", "127.0.0.3")]
    [InlineData(", 1.2.3.4 ,", "1.2.3.4")]
    [InlineData("", "127.0.0.1")]
    [InlineData("unknown", "?")]
    [InlineData("10.0.0.9, unknown", "?")]
    [InlineData("unknown, 1.2.3.4", "1.2.3.4")]
    [InlineData("0x7f.1", "?")]
    [InlineData("010.0.0.9", "?")]
    [InlineData("[1.2.3.4]", "?")]
    [InlineData("[2001:db8::1", "?")]
    [InlineData("[2001:db8::1]x", "?")]
    public async Task Address_BehindATrustedProxy_IsTheLastThatIsNoProxy(string forwarded, string address)
    {
        string who = await WhoAsync([("TrustedProxies:0", "127.0.0.0/8"), ("TrustedNetworks:0", "10.0.0.0/8")], ["X-Forwarded-For: " + forwarded, .. Said]);

        Assert.StartsWith($"{address} - Default - | - - ", who, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Address_SeveralLines_AreReadFromTheLast() =>
        Assert.StartsWith("1.2.3.4 ", await WhoAsync([("TrustedProxies:0", "127.0.0.0/8")], ["X-Forwarded-For: 10.0.0.9", "X-Forwarded-For: 1.2.3.4, 127.0.0.2"]), StringComparison.Ordinal);

    [Fact]
    public async Task Address_BehindAProxyThatNobodyNamed_IsTheProxy() =>
        Assert.StartsWith("127.0.0.1 ", await WhoAsync([("TrustedProxies:0", "10.0.0.0/8")], ["X-Forwarded-For: 1.2.3.4"]), StringComparison.Ordinal);

    [Fact]
    public async Task Address_AppUsesForwardedHeadersFirst_IsWhatThatMadeOfIt()
    {
        string who = await WhoAsync(
            [("TrustedNetworks:0", "1.2.3.0/24")],
            ["X-Forwarded-For: 1.2.3.4", .. Said],
            static app => app.UseForwardedHeaders(new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor }));

        Assert.StartsWith("1.2.3.4 web Critical blue", who, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Forwarded: for=1.2.3.4")]
    [InlineData("forwarded: for=127.0.0.1")]
    public async Task Address_TrustedProxySaysItInAHeaderThatIsNotRead_IsUnknown(string forwarded) =>
        Assert.StartsWith("? - Default - | - - ", await WhoAsync([("TrustedProxies:0", "127.0.0.0/8")], [forwarded, .. Said]), StringComparison.Ordinal);

    [Fact]
    public async Task Access_AddressNotKnown_MatchesDenyAndNotAllow()
    {
        await using ReceivingApp denies = await ReceivingApp.StartAsync([("TrustedProxies:0", "127.0.0.0/8"), ("Access:0:Deny:Networks:0", "1.2.3.4")]);
        await using ReceivingApp allows = await ReceivingApp.StartAsync([("TrustedProxies:0", "127.0.0.0/8"), ("Access:0:Allow:Networks:0", "0.0.0.0/0")]);

        Assert.Equal((403, 200), (await denies.StatusOfAsync("GET /", "X-Forwarded-For: garbage"), await denies.StatusOfAsync("GET /", "X-Forwarded-For: 1.2.3.5")));
        Assert.Equal((403, 200), (await allows.StatusOfAsync("GET /", "X-Forwarded-For: garbage"), await allows.StatusOfAsync("GET /", "X-Forwarded-For: 1.2.3.5")));
    }

    [Fact]
    public async Task Access_ByCaller_TakesTheWordOfTrustedNetworksOnly()
    {
        (string, string?)[] rule = [("Access:0:Allow:Callers:0", "web")];
        await using ReceivingApp trusts = await ReceivingApp.StartAsync([.. rule, ("TrustedNetworks:0", "127.0.0.0/8")]);
        await using ReceivingApp doesNot = await ReceivingApp.StartAsync([.. rule, ("TrustedNetworks:0", "10.0.0.0/8")]);

        Assert.Equal((200, 200, 403, 403), (
            await trusts.StatusOfAsync("GET /", "x-mesh-caller: web"),
            await trusts.StatusOfAsync("GET /", "X-Mesh-Caller: WEB"),
            await trusts.StatusOfAsync("GET /", "x-mesh-caller: other"),
            await trusts.StatusOfAsync("GET /", "x-mesh-caller: other", "x-mesh-caller: web")));
        Assert.Equal(403, await doesNot.StatusOfAsync("GET /", "x-mesh-caller: web"));
    }

    [Theory]
    [InlineData("critical", "Critical")]
    [InlineData("CRITICAL", "Critical")]
    [InlineData("sheddable", "Sheddable")]
    [InlineData("default", "Default")]
    [InlineData("-1", "Default")]
    [InlineData("99999999999999999999", "Default")]
    [InlineData("0", "Default")]
    [InlineData("", "Default")]
    [InlineData("critical, sheddable", "Default")]
    [InlineData("critical\r\nx-mesh-priority: critical", "Default")]
    public async Task Priority_AnythingButTheThreeWords_IsDefault(string said, string priority) =>
        Assert.Contains($" {priority} ", await WhoAsync([], ["x-mesh-priority: " + said]), StringComparison.Ordinal);

    [Theory]
    [InlineData("x-mesh-caller: a b")]
    [InlineData("x-mesh-caller: ..")]
    public async Task Caller_NoNameOfAService_IsNobody(string header) => Assert.StartsWith("127.0.0.1 - ", await WhoAsync([], [header]), StringComparison.Ordinal);

    [Theory]
    [InlineData("x-mesh-caller: \u00ff\u00fe")]
    [InlineData("grpc-timeout: \u00ff")]
    [InlineData("x-forwarded-for: \u00c0\u00af")]
    public async Task Headers_NoUtf8_AreABadRequestForTheServerItself(string header)
    {
        await using ReceivingApp app = await ReceivingApp.StartAsync();

        Assert.Equal(400, await app.StatusOfAsync("GET /", header));
    }

    [Fact]
    public async Task Caller_Of64Kilobytes_IsNobody() => Assert.StartsWith("127.0.0.1 - ", await WhoAsync([], ["x-mesh-caller: " + new string('a', 65536)]), StringComparison.Ordinal);

    [Theory]
    [InlineData("mesh-lane=a,mesh-lane=b,mesh-lane=c")]
    [InlineData("MESH-LANE=a;p=1")]
    [InlineData("Mesh-Lane=a, mesh-lane=b;p=1")]
    public async Task Lane_FromElsewhere_IsInNoBaggageOfTheRuntimeEither(string baggage)
    {
        string seen = "nothing";
        await using ReceivingApp app = await ReceivingApp.StartAsync(
            [("TrustedNetworks:0", "10.0.0.0/8")],
            context =>
            {
                seen = string.Join(',', Activity.Current!.Baggage.Select(static b => b.Key));
                return Task.CompletedTask;
            });

        Assert.Equal(200, await app.StatusOfAsync("GET /", "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "baggage: x=1," + baggage));

        Assert.Equal("x", seen);
    }

    [Theory]
    [InlineData("mesh-lane=a/b")]
    [InlineData("mesh-lane=")]
    [InlineData("mesh-lane")]
    [InlineData("xmesh-lane=blue")]
    [InlineData("")]
    public async Task Lane_Malformed_IsNone(string baggage) => Assert.Contains(" - |", await WhoAsync([], ["baggage: " + baggage]), StringComparison.Ordinal);

    [Fact]
    public async Task UseMesh_Twice_IsOnce()
    {
        await using ReceivingApp app = await ReceivingApp.StartAsync(
            [("Access:0:Deny:Paths:0", "/x"), ("Access:0:DryRun", "true")],
            before: static app => app.UseMesh());

        Assert.Equal(200, await app.StatusOfAsync("GET /x"));
        Assert.Single(app.Log);
    }

    [Fact]
    public void UseMesh_WithoutAddMesh_SaysWhatToCall()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        WebApplication app = builder.Build();

        Assert.Contains("AddMesh", Assert.Throws<InvalidOperationException>(() => app.UseMesh()).Message, StringComparison.Ordinal);
    }

    private static async Task<string> WhoAsync((string, string?)[] server, string[] headers, Action<WebApplication>? before = null)
    {
        await using ReceivingApp app = await ReceivingApp.StartAsync(server, Tell, before: before);
        string answer = await app.RawAsync("GET /", headers);
        return answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..].TrimEnd();
    }

    private static Task Tell(HttpContext context)
    {
        InboundRequest inbound = context.RequestServices.GetRequiredService<InboundContext>().Current!;
        IHeaderDictionary headers = context.Request.Headers;
        static string Or(string? text) => string.IsNullOrEmpty(text) ? "-" : text;
        string text = $"{inbound.Address?.ToString() ?? "?"} {Or(inbound.Caller)} {inbound.Priority} {Or(inbound.Lane)} | {Or(headers["x-mesh-caller"])} {Or(headers["x-mesh-priority"])} {Or(headers["baggage"])}";
        context.Response.ContentLength = text.Length;
        return context.Response.WriteAsync(text);
    }
}
