using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.Tests.Routing;

/// <summary>One route that many services inherit.</summary>
public sealed class InheritedRouteTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Limit_OfARouteThatLeadsAllServicesToOne_IsEachServicesOwn()
    {
        using ScriptedMesh mesh = Mesh(("RateLimits:0:Name", "few"), ("RateLimits:0:Permits", "1"), ("RateLimits:0:Per", "01:00:00"));

        Assert.Null(await SendAsync(mesh, "a"));
        Assert.Null(await SendAsync(mesh, "b"));
        Assert.Null(await SendAsync(mesh, "shared"));
        MeshException refused = Assert.IsType<MeshException>(await SendAsync(mesh, "b"));

        Assert.Equal(MeshError.RateLimited, refused.Error);
        Assert.Contains("see RateLimits of the route \"all\" under Mesh:Services:b:Routes", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Concurrency_OfARouteThatLeadsAllServicesToOne_IsEachServicesOwn()
    {
        using ScriptedMesh mesh = Mesh(("Concurrency:Limit", "1"));
        mesh[4].Hang().Always();

        using var a = new HttpRequestMessage(HttpMethod.Get, "http://a/go");
        using var b = new HttpRequestMessage(HttpMethod.Get, "http://b/go");
        Task<HttpResponseMessage> first = mesh.Invoker.SendAsync(a, Token);
        Task<HttpResponseMessage> second = mesh.Invoker.SendAsync(b, Token);
        await Until.HoldsAsync(() => mesh[4].Requests.Count == 2);
        MeshException refused = Assert.IsType<MeshException>(await SendAsync(mesh, "a"));

        Assert.False(first.IsCompleted);
        Assert.False(second.IsCompleted);
        Assert.Equal(MeshError.ConcurrencyLimited, refused.Error);
        Assert.Contains("see Concurrency of the route \"all\" under Mesh:Services:a:Routes", refused.Message, StringComparison.Ordinal);
    }

    private static ScriptedMesh Mesh(params (string Key, string Value)[] route)
    {
        Dictionary<string, string?> section = route.ToDictionary(static r => $"Defaults:Routes:0:{r.Key}", static r => (string?)r.Value);
        section["Defaults:Routes:0:Name"] = "all";
        section["Defaults:Routes:0:Split:0:Service"] = "shared";
        var mesh = new ScriptedMesh(section: section);
        mesh.Registry.Set("a", "10.0.0.2:80");
        mesh.Registry.Set("b", "10.0.0.3:80");
        mesh.Registry.Set("shared", "10.0.0.4:80");
        return mesh;
    }

    private static async Task<Exception?> SendAsync(ScriptedMesh mesh, string service)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{service}/go");
        return await Record.ExceptionAsync(async () => (await mesh.Invoker.SendAsync(request, Token)).Dispose());
    }
}
