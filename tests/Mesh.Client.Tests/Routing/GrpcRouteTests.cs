using Mesh.Client.Options;
using Mesh.Client.Tests.Grpc;

namespace Mesh.Client.Tests.Routing;

/// <summary>Routes of a method of gRPC, with times, retries and limits of their own.</summary>
public sealed class GrpcRouteTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_OfAMethodWithATimeout_EndsByThatOne()
    {
        using ScriptedMesh mesh = GrpcMesh.Of(static o => o.Routes.Add(Method("Place", static r => r.AttemptTimeout = TimeSpan.FromSeconds(1), static r => r.Retry.MaxAttempts = 1)));
        Array.ForEach([1, 2, 3], i => mesh[i].Hang().Always());

        Task<HttpResponseMessage> place = mesh.Invoker.SendAsync(Request("Place"), Token);
        Task<HttpResponseMessage> cancel = mesh.Invoker.SendAsync(Request("Cancel"), Token);
        await mesh.Clock.AdvanceUntilAsync(() => place.IsCompleted, Step, TimeSpan.FromSeconds(1.5), Token);

        Assert.NotEqual(0, await GrpcMesh.StatusOf(await place));
        Assert.False(cancel.IsCompleted);
        await mesh.Clock.AdvanceUntilAsync(() => cancel.IsCompleted, Step, TimeSpan.FromMinutes(1), Token);
    }

    [Fact]
    public async Task Call_OfAMethodWithRetryWords_IsSentAgainByThem()
    {
        using ScriptedMesh mesh = GrpcMesh.Of(static o => o.Routes.Add(Method("Place", static r => r.Retry.On = ["resource-exhausted"])));
        mesh[1].Reply(static _ => GrpcMesh.Status(8)).Always();
        mesh[2].Reply(static _ => GrpcMesh.Messages(0)).Always();

        Assert.Equal(0, await StatusOf(mesh, "Place"));
        Assert.Equal(8, await StatusOf(mesh, "Cancel"));
    }

    [Fact]
    public async Task Call_OfAMethodWithOneAttempt_IsSentOnce()
    {
        using ScriptedMesh mesh = GrpcMesh.Of(static o => o.Routes.Add(Method("Place", static r => r.Retry.MaxAttempts = 1)));
        mesh[1].Reply(static _ => GrpcMesh.Status(14)).Always();
        mesh[2].Reply(static _ => GrpcMesh.Messages(0)).Always();

        Assert.Equal(14, await StatusOf(mesh, "Place"));
        Assert.Equal(0, await StatusOf(mesh, "Cancel"));
    }

    [Fact]
    public async Task Call_OfAMethodWithALimit_IsRefusedByThatOneAlone()
    {
        using ScriptedMesh mesh = GrpcMesh.Of(static o =>
        {
            o.RateLimits.Add(new RateLimitOptions { Name = "all", Permits = 1, Per = TimeSpan.FromHours(1) });
            o.Routes.Add(Method("Place", static r => r.RateLimits.Add(new RateLimitOptions { Name = "place", Permits = 2, Per = TimeSpan.FromHours(1) })));
        });

        mesh[1].Reply(static _ => GrpcMesh.Messages(0)).Always();

        int[] place = [await StatusOf(mesh, "Place"), await StatusOf(mesh, "Place"), await StatusOf(mesh, "Place")];
        int[] cancel = [await StatusOf(mesh, "Cancel"), await StatusOf(mesh, "Cancel")];

        Assert.Equal([0, 0], place[..2]);
        Assert.NotEqual(0, place[2]);
        Assert.Equal(0, cancel[0]);
        Assert.NotEqual(0, cancel[1]);
        Assert.Equal(3, mesh[1].Calls);
    }

    [Fact]
    public async Task Call_AnsweredDirectly_HasTheStatusOfGrpc()
    {
        using ScriptedMesh mesh = GrpcMesh.Of(static o => o.Routes.Add(Method("Place", static r => r.Respond = new DirectResponseOptions { Status = 503, Body = "closed" })));

        Assert.Equal(14, await StatusOf(mesh, "Place"));
        Assert.Equal(0, mesh[1].Calls);
    }

    [Fact]
    public async Task Call_WithEditedHeadersAndPath_CarriesTheSameMessage()
    {
        using ScriptedMesh mesh = GrpcMesh.Of(static o => o.Routes.Add(Method("Place", static r => r.Rewrite.Path = "/shop.v2.Orders/Place", static r => r.RequestHeaders.Set["x-via"] = "mesh")));
        mesh[1].Reply(static _ => GrpcMesh.Messages(0));

        Assert.Equal(0, await StatusOf(mesh, "Place"));
        Assert.Equal("/shop.v2.Orders/Place", mesh[1].Requests[0].Uri!.AbsolutePath);
        Assert.Equal("mesh", mesh[1].Requests[0].Headers["x-via"]);
        Assert.NotEqual(0, mesh[1].Requests[0].Body.Length);
    }

    private static RouteRuleOptions Method(string name, params Action<RouteRuleOptions>[] configure)
    {
        var route = new RouteRuleOptions { Name = name, Match = { Exact = $"/shop.v1.Orders/{name}" } };
        foreach (Action<RouteRuleOptions> more in configure)
        {
            more(route);
        }

        return route;
    }

    private static HttpRequestMessage Request(string method)
    {
        HttpRequestMessage request = GrpcMesh.Request();
        request.RequestUri = new Uri($"http://orders/shop.v1.Orders/{method}");
        return request;
    }

    private static async Task<int> StatusOf(ScriptedMesh mesh, string method)
    {
        using HttpRequestMessage request = Request(method);
        using HttpResponseMessage reply = await mesh.Invoker.SendAsync(request, Token);
        return await GrpcMesh.StatusOf(reply);
    }
}
