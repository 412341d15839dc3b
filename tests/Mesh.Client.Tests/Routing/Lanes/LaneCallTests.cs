using System.Net;
using Mesh.Client.Inbound;
using Mesh.Client.Model;
using Mesh.Client.Options;
using Mesh.Client.Services;
using Mesh.Client.Services.Routes;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.Tests.Routing.Lanes;

/// <summary>What a lane does to a call, and what a call does with it.</summary>
public sealed class LaneCallTests
{
    private static readonly MeshEndpoint s_baseline = new("10.0.0.1", 80);
    private static readonly MeshEndpoint s_blue = InLane(2, "blue");
    private static readonly MeshEndpoint s_green = InLane(3, "green");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_NothingServed_HasNoBaggage()
    {
        using ScriptedMesh mesh = Mesh();

        await GetAsync(mesh);

        Assert.False(Assert.Single(mesh[1].Requests).Headers.ContainsKey("baggage"));
    }

    [Theory]
    [InlineData(null, "mesh-lane=blue", 2)]
    [InlineData("a=b;p=1, c=d", "mesh-lane=blue,a=b;p=1,c=d", 2)]
    [InlineData("mesh-lane=green", "mesh-lane=green", 3)]
    [InlineData("a=b, mesh-lane = green;p=1", "a=b, mesh-lane = green;p=1", 3)]
    [InlineData("mesh-lane=no/name,a=b", "mesh-lane=blue,a=b", 2)]
    [InlineData("mesh-lane=unknown", "mesh-lane=unknown", 1)]
    public async Task Call_WhileALaneIsServed_TravelsInItUnlessItNamesItsOwn(string? own, string expected, int host)
    {
        using ScriptedMesh mesh = Mesh();
        Serve(mesh, "blue");

        await GetAsync(mesh, own);

        Assert.Equal(expected, Assert.Single(mesh[host].Requests).Headers["baggage"]);
    }

    [Fact]
    public async Task Call_ToAServiceWithoutLanes_PassesTheLaneOn()
    {
        using ScriptedMesh mesh = Mesh();
        mesh.Registry.Set("orders", s_baseline);
        Serve(mesh, "blue");

        await GetAsync(mesh);

        Assert.Equal("mesh-lane=blue", Assert.Single(mesh[1].Requests).Headers["baggage"]);
    }

    [Fact]
    public async Task Call_OfBackgroundWork_StaysInTheLaneAfterTheRequestHasEnded()
    {
        using ScriptedMesh mesh = Mesh();
        InboundRequest inbound = Serve(mesh, "blue");
        var answered = new TaskCompletionSource();
        Task background = Task.Run(
            async () =>
            {
                await answered.Task;
                await GetAsync(mesh);
            },
            Token);
        mesh.Provider.GetRequiredService<InboundContext>().Enter(null);
        inbound.End();

        answered.SetResult();
        await background;
        await GetAsync(mesh);

        Assert.Equal((1, 1), (mesh[2].Calls, mesh[1].Calls));
    }

    [Fact]
    public async Task Calls_InDifferentLanesAtOnce_DoNotMix()
    {
        using ScriptedMesh mesh = Mesh();
        string?[] lanes = ["blue", "green", null];

        await Task.WhenAll(Enumerable.Range(0, 300).Select(i => Task.Run(
            async () =>
            {
                Serve(mesh, lanes[i % 3]);
                await Task.Yield();
                await GetAsync(mesh);
            },
            Token)));

        Assert.Equal((100, 100, 100), (mesh[1].Calls, mesh[2].Calls, mesh[3].Calls));
        Assert.All(mesh[2].Requests, static r => Assert.Equal("mesh-lane=blue", r.Headers["baggage"]));
        Assert.All(mesh[1].Requests, static r => Assert.False(r.Headers.ContainsKey("baggage")));
    }

    [Fact]
    public async Task Call_RouteWithALane_EntersItForThisCallAlone()
    {
        using ScriptedMesh mesh = Mesh(static o => o.Routes.Add(new RouteRuleOptions { Lane = "blue", Match = { Prefix = "/new" } }));
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/new") { Headers = { { "baggage", "a=b" } } };

        using HttpResponseMessage entered = await mesh.Client.SendAsync(request, Token);
        await GetAsync(mesh);

        Assert.Equal("mesh-lane=blue,a=b", Assert.Single(mesh[2].Requests).Headers["baggage"]);
        Assert.False(Assert.Single(mesh[1].Requests).Headers.ContainsKey("baggage"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("a=b")]
    public async Task Call_RouteWithALane_LeavesTheCallersRequestAsItWas(string? baggage)
    {
        using ScriptedMesh mesh = Mesh(static o => o.Routes.Add(new RouteRuleOptions { Lane = "blue", Match = { Fraction = 1 }, ResponseHeaders = { Set = { ["x-a"] = "1" } } }));
        using var content = new StringContent("a");
        using var request = new HttpRequestMessage(HttpMethod.Put, "http://orders/new") { Content = content };
        request.Headers.TryAddWithoutValidation("baggage", baggage is null ? [] : [baggage]);

        using HttpResponseMessage response = await mesh.Invoker.SendAsync(request, Token);

        Assert.Equal(1, mesh[2].Calls);
        Assert.Same(request, response.RequestMessage);
        Assert.Same(content, request.Content);
        Assert.Empty(request.Options);
        Assert.Equal(baggage, request.Headers.NonValidated.TryGetValues("baggage", out var values) ? values.ToString() : null);
    }

    [Fact]
    public async Task Redirect_OfACallThatARouteLedIntoALane_LeavesTheCallersRequestAndTheLaneBehind()
    {
        using ScriptedMesh mesh = Mesh(static o => o.Routes.Add(new RouteRuleOptions { Lane = "blue" }));
        using var outside = new RecordingHandler();
        mesh[2].Reply(static _ => new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = new Uri("http://1.2.3.4/x") } });
        using HttpMessageInvoker invoker = mesh.Over(outside);
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/x");

        using HttpResponseMessage response = await invoker.SendAsync(request, Token);

        Assert.Equal("1.2.3.4", response.RequestMessage!.RequestUri!.Host);
        Assert.False(response.RequestMessage.Headers.Contains("baggage"));
        Assert.False(request.Headers.Contains("baggage"));
    }

    [Fact]
    public async Task Calls_InUnknownLanesOfWhichAllAreStrict_ShareOneState()
    {
        using ScriptedMesh mesh = Mesh(static o => o.Lanes.Strict = ["*"]);
        await GetAsync(mesh);
        MeshService orders = mesh.Services.InUse.Single();
        ServiceSnapshot whole = orders.Snapshot!;

        ServiceSnapshot[] states = [.. Enumerable.Range(0, 10_000).Select(i => orders.For(whole, new ViewKey(null, LabelSet.Empty, whole.Subsets.LaneInUse($"unknown-{i}")))).Distinct()];

        Assert.True(Assert.Single(states).Candidates.IsEmpty);
        Assert.NotSame(states[0], orders.For(whole, new ViewKey(null, LabelSet.Empty, whole.Subsets.LaneInUse("blue"))));
    }

    [Theory]
    [InlineData("*")]
    [InlineData("red")]
    public async Task Call_InAnUnknownLaneThatIsStrict_SaysItsName(string strict)
    {
        using ScriptedMesh mesh = Mesh(o => (o.Lanes.Strict, o.Subsets.Fallback) = ([strict], SubsetFallback.Any));
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/x") { Headers = { { "baggage", "mesh-lane=red" } } };

        var error = await Assert.ThrowsAsync<MeshException>(() => mesh.Invoker.SendAsync(request, Token));

        Assert.Contains("the lane \"red\" (label lane)", error.Message, StringComparison.Ordinal);
        Assert.Contains("Start an instance with lane=red", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_RouteWithALaneWhileAnotherIsServed_StaysInTheOther()
    {
        using ScriptedMesh mesh = Mesh(static o => o.Routes.Add(new RouteRuleOptions { Lane = "blue" }));
        Serve(mesh, "green");

        await GetAsync(mesh);

        Assert.Equal("mesh-lane=green", Assert.Single(mesh[3].Requests).Headers["baggage"]);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("a=b", "a=b")]
    public async Task Redirect_OutOfTheMesh_LeavesTheLane(string? own, string? kept)
    {
        using ScriptedMesh mesh = Mesh();
        using var outside = new RecordingHandler();
        Serve(mesh, "blue");
        mesh[2].Reply(static _ => new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = new Uri("http://1.2.3.4/x") } });
        using HttpMessageInvoker invoker = mesh.Over(outside);
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/x");
        request.Headers.TryAddWithoutValidation("baggage", own is null ? [] : [own]);

        using HttpResponseMessage response = await invoker.SendAsync(request, Token);

        Assert.Equal("1.2.3.4", request.RequestUri!.Host);
        Assert.Equal(kept, request.Headers.NonValidated.TryGetValues("baggage", out var values) ? values.ToString() : null);
    }

    [Fact]
    public async Task Redirect_WithinTheMesh_StaysInTheLaneOfTheRoute()
    {
        using ScriptedMesh mesh = Mesh(static o => o.Routes.Add(new RouteRuleOptions { Lane = "blue", Match = { Prefix = "/new" } }));
        mesh[2].Reply(static _ => new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = new Uri("http://orders/other") } });

        using HttpResponseMessage response = await mesh.Client.GetAsync(new Uri("http://orders/new"), Token);

        Assert.Equal(["/new", "/other"], mesh[2].Requests.Select(static r => r.Uri!.AbsolutePath));
        Assert.All(mesh[2].Requests, static r => Assert.Equal("mesh-lane=blue", r.Headers["baggage"]));
    }

    [Fact]
    public async Task Retry_InALane_StaysThereAndKeepsTheHeader()
    {
        using ScriptedMesh mesh = Mesh();
        mesh.Registry.Set("orders", new EndpointSet([s_baseline, s_blue, InLane(4, "blue")]));
        Serve(mesh, "blue");
        mesh[2].Reply(HttpStatusCode.ServiceUnavailable);

        await GetAsync(mesh, "a=b");

        Assert.Equal((0, 1, 1), (mesh[1].Calls, mesh[2].Calls, mesh[4].Calls));
        Assert.Equal("mesh-lane=blue,a=b", Assert.Single(mesh[4].Requests).Headers["baggage"]);
    }

    [Fact]
    public async Task Retry_InASubset_StaysThere()
    {
        using ScriptedMesh mesh = Mesh(static o => o.Routes.Add(new RouteRuleOptions { Split = [new SplitOptions { Labels = { ["lane"] = "blue" } }] }));
        mesh.Registry.Set("orders", new EndpointSet([InLane(1, "other"), s_blue, InLane(4, "blue")]));
        mesh[2].Reply(HttpStatusCode.ServiceUnavailable);

        await GetAsync(mesh);

        Assert.Equal((0, 1, 1), (mesh[1].Calls, mesh[2].Calls, mesh[4].Calls));
    }

    [Fact]
    public async Task Hedge_InALane_StaysThere()
    {
        using ScriptedMesh mesh = Mesh(static o => o.Hedging.Delay = TimeSpan.FromMilliseconds(100));
        mesh.Registry.Set("orders", new EndpointSet([s_baseline, s_blue, InLane(4, "blue")]));
        Serve(mesh, "blue");
        mesh[2].Hang();

        Task call = GetAsync(mesh);
        await mesh.Clock.AdvanceUntilAsync(() => call.IsCompleted, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(5), Token);

        await call;
        Assert.Equal((0, 1, 1), (mesh[1].Calls, mesh[2].Calls, mesh[4].Calls));
        Assert.Equal("mesh-lane=blue", Assert.Single(mesh[4].Requests).Headers["baggage"]);
    }

    [Fact]
    public async Task Call_InAStrictLaneThatNobodyServes_SaysLaneLabelAndRemedy()
    {
        using ScriptedMesh mesh = Mesh(static o => o.Lanes.Strict = ["red"]);
        Serve(mesh, "red");

        var error = await Assert.ThrowsAsync<MeshException>(() => mesh.Client.GetAsync(new Uri("http://orders/x"), Token));

        Assert.Equal((MeshError.NoEndpointAvailable, "orders"), (error.Error, error.ServiceName));
        Assert.Contains("the lane \"red\" (label lane)", error.Message, StringComparison.Ordinal);
        Assert.Contains("Start an instance with lane=red", error.Message, StringComparison.Ordinal);
        Assert.Contains("Lanes:Strict", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_InAStrictLaneWhoseInstanceIsOut_FailsAndSaysSo()
    {
        using ScriptedMesh mesh = Mesh(static o => o.Lanes.Strict = ["*"]);
        Serve(mesh, "blue");
        await GetAsync(mesh);
        mesh.Node("10.0.0.2:80").SetIsolated(true, mesh.Clock.GetTimestamp());

        var error = await Assert.ThrowsAsync<MeshException>(() => mesh.Client.GetAsync(new Uri("http://orders/x"), Token));

        Assert.Contains("none of its 1 endpoints for calls in the lane \"blue\" (label lane) can be used now; 1 out (10.0.0.2:80 isolated", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, mesh[1].Calls);
    }

    [Fact]
    public async Task Call_ToASubsetThatIsEmpty_SaysItsLabels()
    {
        using ScriptedMesh mesh = Mesh(static o => o.Routes.Add(new RouteRuleOptions { Split = [new SplitOptions { Labels = { ["version"] = "v9" } }] }));

        var error = await Assert.ThrowsAsync<MeshException>(() => mesh.Client.GetAsync(new Uri("http://orders/x"), Token));

        Assert.Contains("there is none among its 3 endpoints for calls to the subset version=v9", error.Message, StringComparison.Ordinal);
        Assert.Contains("Mesh:Services:orders:Subsets:Fallback", error.Message, StringComparison.Ordinal);
    }

    private static MeshEndpoint InLane(int host, string lane) => new($"10.0.0.{host}", 80) { Labels = LabelSet.Create([new("lane", lane)]) };

    private static ScriptedMesh Mesh(Action<ServiceOptions>? orders = null)
    {
        var mesh = new ScriptedMesh(orders);
        mesh.Registry.Set("orders", new EndpointSet([s_baseline, s_blue, s_green]));
        return mesh;
    }

    private static InboundRequest Serve(ScriptedMesh mesh, string? lane)
    {
        var context = mesh.Provider.GetRequiredService<InboundContext>();
        var inbound = new InboundRequest { Lane = lane };
        context.Serve();
        context.Enter(inbound);
        return inbound;
    }

    private static async Task GetAsync(ScriptedMesh mesh, string? baggage = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/x");
        if (baggage is not null)
        {
            request.Headers.TryAddWithoutValidation("baggage", baggage);
        }

        using HttpResponseMessage response = await mesh.Client.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
