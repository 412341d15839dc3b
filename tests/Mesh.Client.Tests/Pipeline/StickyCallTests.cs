using System.Net;
using Mesh.Client.Balancing.Sticky;
using Mesh.Client.Model;

namespace Mesh.Client.Tests.Pipeline;

/// <summary>Calls that stick, through a whole mesh.</summary>
public sealed class StickyCallTests : IDisposable
{
    private static readonly string[] Three = ["10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80"];

    private readonly ScriptedMesh _mesh = new(
        static orders =>
        {
            orders.LoadBalancing.Policy = "RoundRobin";
            orders.LoadBalancing.Sticky = "cookie:route";
        },
        Three);

    [Fact]
    public async Task Call_WithoutAMark_GetsOneThatLeadsBack()
    {
        string[] cookies = [await FirstAsync(), await FirstAsync(), await FirstAsync()];

        Assert.Equal(3, cookies.Distinct().Count());
        Assert.All(cookies, static c => Assert.Matches("^route=[0-9a-f]{16}; Path=/; HttpOnly$", c));
        for (int i = 0; i < 5; i++)
        {
            // Whoever comes back needs no new one.
            using HttpResponseMessage response = await CallAsync(cookies[1].Split(';')[0]);
            Assert.False(response.Headers.Contains("Set-Cookie"));
        }

        Assert.Equal([1, 1, 6], Calls().Order());
    }

    [Fact]
    public async Task Call_ItsEndpointFails_GoesElsewhereAndGetsTheNewMark()
    {
        string cookie = await FirstAsync();
        int first = Array.IndexOf(Calls(), 1);
        _mesh[first + 1].RefuseConnection().Always();

        using HttpResponseMessage response = await CallAsync(cookie.Split(';')[0]);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        string again = Assert.Single(response.Headers.GetValues("Set-Cookie"));
        Assert.NotEqual(cookie, again);
        int second = Array.FindIndex(Three, a => again.StartsWith($"route={Mark(a)};", StringComparison.Ordinal));
        Assert.True(second >= 0 && second != first);
    }

    [Fact]
    public async Task Call_ItsEndpointIsGone_GoesElsewhereAndGetsTheNewMark()
    {
        string gone = Mark("10.0.0.9:80");

        using HttpResponseMessage response = await CallAsync($"a=1; route={gone}");

        Assert.DoesNotContain(gone, Assert.Single(response.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_TheEndpointSetsCookiesItself_KeepsThem()
    {
        foreach (string address in Three)
        {
            _mesh.Transport[address].Reply(static _ =>
            {
                var response = new HttpResponseMessage(HttpStatusCode.OK);
                response.Headers.TryAddWithoutValidation("Set-Cookie", "session=1");
                return response;
            }).Always();
        }

        using HttpResponseMessage response = await CallAsync(null);

        Assert.Equal(2, response.Headers.GetValues("Set-Cookie").Count());
        Assert.Contains("session=1", response.Headers.GetValues("Set-Cookie"));
    }

    [Theory]
    [InlineData("RingHash")]
    [InlineData("Maglev")]
    [InlineData("LeastRequest")]
    [InlineData("PeakEwma")]
    [InlineData("First")]
    public async Task Call_ByHeaderOverAnyBalancer_Sticks(string policy)
    {
        using var mesh = new ScriptedMesh(
            orders =>
            {
                orders.LoadBalancing.Policy = policy;
                orders.LoadBalancing.Sticky = "header:x-route";
            },
            Three);
        for (int i = 0; i < 10; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/");
            request.Headers.Add("x-route", Mark(Three[2]));
            using HttpResponseMessage response = await mesh.Client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.False(response.Headers.Contains("x-route"));
        }

        Assert.Equal(10, mesh[3].Calls);
        using HttpResponseMessage first = await mesh.Client.GetAsync(new Uri("http://orders/"), TestContext.Current.CancellationToken);
        Assert.Contains(Assert.Single(first.Headers.GetValues("x-route")), Three.Select(Mark));
    }

    [Fact]
    public async Task Call_StickyOff_LeavesTheReplyAlone()
    {
        using var mesh = new ScriptedMesh(endpoints: Three);

        using HttpResponseMessage response = await mesh.Client.GetAsync(new Uri("http://orders/"), TestContext.Current.CancellationToken);

        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    public void Dispose() => _mesh.Dispose();

    private static string Mark(string address) => StickyMark.Format(StickyMark.Of(new MeshEndpoint(address.Split(':')[0], 80)));

    private int[] Calls() => [.. Enumerable.Range(1, 3).Select(i => _mesh[i].Calls)];

    private async Task<string> FirstAsync()
    {
        using HttpResponseMessage response = await CallAsync(null);
        return Assert.Single(response.Headers.GetValues("Set-Cookie"));
    }

    private async Task<HttpResponseMessage> CallAsync(string? cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/");
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", cookie);
        }

        return await _mesh.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
