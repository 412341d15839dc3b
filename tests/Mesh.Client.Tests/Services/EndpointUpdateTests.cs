using System.Net;
using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.Tests.Services;

/// <summary>Endpoints that come, stay and go under a running service.</summary>
public sealed class EndpointUpdateTests : IDisposable
{
    private readonly WatchedMesh _mesh = new();

    [Fact]
    public async Task Found_OthersBeside_KeepsTheStateOfThoseThatStay()
    {
        EndpointNode[] before = await _mesh.RegisterAsync(1, 2);
        Assert.True(before[1].TryBegin(_mesh.Clock.GetTimestamp(), ignoreGate: false, out Attempt underWay));
        for (int i = 0; i < 5; i++)
        {
            _mesh.FailOnce(before[0]);
        }

        EndpointNode[] after = await _mesh.RegisterAsync(3, 2, 1);

        Assert.Same(before[0], after[2]);
        Assert.Same(before[1], after[1]);
        Assert.Equal(BreakerState.Open, after[2].State);
        Assert.Equal(1, after[1].InFlight);
        underWay.Dispose();
    }

    [Fact]
    public async Task Found_WithoutOneOfThem_LetsItsCallsFinishAndThenClosesIt()
    {
        var answer = new TaskCompletionSource<HttpResponseMessage>();
        _mesh.Answer = (_, _) => answer.Task;
        EndpointNode[] before = await _mesh.RegisterAsync(1);
        Task<HttpStatusCode> call = _mesh.GetAsync();
        await Until.HoldsAsync(() => before[0].InFlight == 1 && !_mesh.Transports.IsEmpty);

        await _mesh.RegisterAsync(2);
        await _mesh.Clock.SettleAsync();
        Assert.Equal(0, _mesh.Transports.First().Disposals);
        answer.SetResult(new HttpResponseMessage(HttpStatusCode.Accepted));

        Assert.Equal(HttpStatusCode.Accepted, await call);
        await Until.HoldsAsync(() => _mesh.Transports.First().Disposals == 1);
        _mesh.Answer = static (_, _) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.NoContent));
        Assert.Equal(HttpStatusCode.NoContent, await _mesh.GetAsync());
        Assert.Equal("10.0.0.2", _mesh.Transports.Last().Endpoint.Host);
    }

    [Fact]
    public async Task Found_WithoutAnEjectedOne_GivesItsPlaceBack()
    {
        EndpointNode[] before = await _mesh.RegisterAsync(1, 2, 3, 4);
        for (int i = 0; i < 5; i++)
        {
            _mesh.FailOnce(before[0]);
        }

        Assert.Equal(1, _mesh.Orders.Ledger.Out);
        await _mesh.RegisterAsync(2, 3, 4);

        await Until.HoldsAsync(() => _mesh.Orders.Ledger.Out == 0);
    }

    [Fact]
    public async Task Found_WithOtherWeights_BalancesByThem()
    {
        _mesh.Configure(("Services:orders:LoadBalancing:Policy", "RoundRobin"));
        await _mesh.RegisterAsync(1, 2);

        _mesh.Registry.Set("orders", new MeshEndpoint("10.0.0.1", 80) { Weight = 3 }, new MeshEndpoint("10.0.0.2", 80));
        await Until.HoldsAsync(() => _mesh.Nodes[0].Endpoint.Weight == 3);
        await _mesh.Clock.SettleAsync();
        int heavy = 0;
        _mesh.Answer = (endpoint, _) =>
        {
            heavy += endpoint.Host == "10.0.0.1" ? 1 : 0;
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK));
        };
        for (int i = 0; i < 400; i++)
        {
            await _mesh.GetAsync();
        }

        Assert.Equal(300, heavy);
    }

    [Fact]
    public async Task Found_EndpointsOfOneScheme_AreNeverUsedForTheOther()
    {
        _mesh.Registry.Set("orders", new MeshEndpoint("10.0.0.1", 80) { Scheme = "http" }, new MeshEndpoint("10.0.0.2", 443) { Scheme = "https" }, new MeshEndpoint("10.0.0.3", 80));
        _mesh.Answer = static (e, _) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { ReasonPhrase = e.Host });
        var http = new HashSet<string>();
        var https = new HashSet<string>();

        for (int i = 0; i < 100; i++)
        {
            using HttpResponseMessage plain = await _mesh.Client.GetAsync("http://orders/", TestContext.Current.CancellationToken);
            using HttpResponseMessage secure = await _mesh.Client.GetAsync("https://orders/", TestContext.Current.CancellationToken);
            http.Add(plain.ReasonPhrase!);
            https.Add(secure.ReasonPhrase!);
        }

        Assert.Equal(["10.0.0.1", "10.0.0.3"], http.Order());
        Assert.Equal(["10.0.0.2", "10.0.0.3"], https.Order());
    }

    [Fact]
    public async Task Found_NoEndpointOfTheCallsScheme_SaysSo()
    {
        _mesh.Registry.Set("orders", new MeshEndpoint("10.0.0.1", 80) { Scheme = "http" });

        MeshException error = await Assert.ThrowsAsync<MeshException>(() => _mesh.GetAsync("https://orders/"));

        Assert.Contains("none of its 1 endpoints serves https", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dns_ASourceByDefault_TakesThePortOfTheCallsUri()
    {
        _mesh.Dns.Set("orders", "10.0.0.1", "::1");

        await _mesh.GetAsync("http://orders:8080/");

        Assert.Equal(["10.0.0.1:8080", "[::1]:8080"], _mesh.Service("http://orders:8080/").Snapshot!.Nodes.Select(static n => n.Endpoint.Authority));
        await _mesh.GetAsync("http://orders/");
        Assert.Equal(["10.0.0.1", "[::1]"], _mesh.Orders.Snapshot!.Nodes.Select(static n => n.Endpoint.Authority));
    }

    [Fact]
    public async Task Dns_AnEndpointWithAPortOfItsOwn_KeepsIt()
    {
        _mesh.Registry.Set("orders", "10.0.0.1:9999", "10.0.0.2");

        await _mesh.GetAsync("http://orders:8080/");

        Assert.Equal(["10.0.0.1:9999", "10.0.0.2:8080"], _mesh.Service("http://orders:8080/").Snapshot!.Nodes.Select(static n => n.Endpoint.Authority));
    }

    [Fact]
    public async Task Dns_AddressesChange_AreFollowedOnTheInterval()
    {
        _mesh.Dns.Set("orders", "10.0.0.1", "10.0.0.2");
        await _mesh.GetAsync();
        EndpointNode[] before = _mesh.Nodes;
        _mesh.Dns.Set("orders", "10.0.0.2", "10.0.0.3");

        await _mesh.Clock.AdvanceUntilAsync(() => _mesh.Hosts is ["2", "3"], TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        Assert.Same(before[1], _mesh.Nodes[0]);
        Assert.Equal(2, _mesh.Dns.Asked("orders"));
    }

    [Fact]
    public async Task Dns_TheNameVanishes_KeepsTheEndpointsAsAnyEmptyAnswerDoes()
    {
        _mesh.Dns.Set("orders", "10.0.0.1", "10.0.0.2");
        await _mesh.GetAsync();
        EndpointNode[] nodes = _mesh.Nodes;
        _mesh.Dns.Set("orders");

        await _mesh.Clock.AdvanceUntilAsync(() => nodes.All(static n => n.IsUnlisted), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        Assert.Equal(nodes, _mesh.Nodes);
        Assert.Equal(HttpStatusCode.OK, await _mesh.GetAsync());
    }

    [Fact]
    public async Task Dns_TheResolverFails_KeepsTheEndpointsWithoutAnyGrace()
    {
        _mesh.Dns.Set("orders", "10.0.0.1");
        await _mesh.GetAsync();
        EndpointNode[] nodes = _mesh.Nodes;
        _mesh.Dns.Fail("orders", new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.TryAgain));

        await _mesh.Clock.AdvanceUntilAsync(() => _mesh.Dns.Asked("orders") > 4, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(3), TestContext.Current.CancellationToken);

        Assert.Equal(nodes, _mesh.Nodes);
        Assert.False(nodes[0].IsUnlisted);
    }

    public void Dispose() => _mesh.Dispose();
}
