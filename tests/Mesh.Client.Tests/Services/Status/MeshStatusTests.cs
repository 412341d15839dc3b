using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Policies;
using Mesh.Client.Services;
using Mesh.Client.Telemetry;
using Mesh.Client.Tests.Services.Health;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.Tests.Services.Status;

public sealed class MeshStatusTests : IDisposable
{
    private readonly WatchedMesh _mesh = new(("Services:orders:LoadBalancing:Policy", "RoundRobin"), ("Services:orders:Retry:MaxAttempts", "1"));
    private readonly MeshStatus _status;

    public MeshStatusTests() => _status = new MeshStatus(_mesh.Services, new PolicyWatches(), new RecentEvents(), new ServerReport());

    private ServiceStatus Orders => Assert.Single(_status.GetServices());

    [Fact]
    public void GetServices_NothingWasCalled_IsEmpty() => Assert.Empty(_status.GetServices());

    [Fact]
    public async Task GetServices_BeforeTheFirstAnswer_SaysThatNothingIsKnown()
    {
        _ = _mesh.Orders;
        await _mesh.Clock.SettleAsync();

        ServiceStatus orders = Orders;

        Assert.Equal(("orders", 0, false, 0), (orders.Name, orders.Port, orders.IsResolved, orders.Endpoints.Length));
        Assert.Equal((null, ""), (orders.Source.Age, orders.Source.Name));
    }

    [Fact]
    public async Task GetServices_AServiceInUse_TellsItsEndpointsAndSource()
    {
        var labels = LabelSet.Create([new("version", "v2")]);
        _ = _mesh.Orders;
        _mesh.Registry.Set(
            "orders",
            new MeshEndpoint("10.0.0.1", 80) { Weight = 3, Locality = new Locality("eu", "eu-1"), Labels = labels, Scheme = "http" },
            new MeshEndpoint("10.0.0.2", 80) { Weight = 0 });
        await Until.HoldsAsync(() => _mesh.Nodes.Length == 2);
        _mesh.Answer = static (_, _) => ProbedMesh.Status(502);
        await _mesh.GetAsync();
        _mesh.Clock.Advance(TimeSpan.FromSeconds(3));

        ServiceStatus orders = Orders;

        Assert.True(orders.IsResolved);
        Assert.False(orders.InPanic);
        Assert.Equal(("InMemory", TimeSpan.FromSeconds(3), null), (orders.Source.Name, orders.Source.Age, orders.Source.Error));
        Assert.Equal("InMemory: 2 found", orders.Source.Asked.Split(',')[0]);
        EndpointStatus first = orders.Endpoints[0];
        Assert.Equal(("10.0.0.1:80", "http", 3, "eu-1"), (first.Address, first.Scheme, first.Weight, first.Locality.Zone));
        Assert.Equal(labels, first.Labels);
        Assert.Equal((BreakerState.Closed, "", true, true, 0), (first.State, first.Reason, first.IsMember, first.IsUsable, first.InFlight));
        Assert.Equal(new WindowStatus(1, 1, 0, 0), first.Window);
        Assert.Equal(("weight 0", false, false), (orders.Endpoints[1].Reason, orders.Endpoints[1].IsMember, orders.Endpoints[1].IsUsable));
        Assert.Equal((1, 0), (orders.UsableEndpoints, orders.EndpointsOut));
    }

    [Fact]
    public async Task GetServices_CallsUnderWayAndAnEjectedEndpoint_SaysSoInWords()
    {
        await _mesh.RegisterAsync(1, 2, 3);
        for (int i = 0; i < 5; i++)
        {
            _mesh.FailOnce(_mesh.Nodes[1]);
        }

        Assert.True(_mesh.Nodes[0].TryBegin(_mesh.Clock.GetTimestamp(), false, out _));

        ServiceStatus orders = Orders;
        Assert.Equal(1, orders.Endpoints[0].InFlight);
        Assert.Equal((BreakerState.Open, "open: ConsecutiveFailures", false), (orders.Endpoints[1].State, orders.Endpoints[1].Reason, orders.Endpoints[1].IsUsable));
        Assert.Equal((2, 1), (orders.UsableEndpoints, orders.EndpointsOut));
    }

    [Fact]
    public async Task GetServices_TheSourceFailsLater_KeepsItsAgeAndSaysTheError()
    {
        await _mesh.RegisterAsync(1);
        _mesh.Clock.Advance(TimeSpan.FromSeconds(1));
        _mesh.Registry.Fail("orders", new InvalidOperationException("the registry is down"));
        await Until.HoldsAsync(() => Orders.Source.Error is not null);

        ServiceStatus orders = Orders;
        Assert.Equal(("InMemory", "InMemory: the registry is down"), (orders.Source.Name, orders.Source.Error));
        Assert.Equal(TimeSpan.FromSeconds(1), orders.Source.Age);

        _mesh.Registry.Set("orders", "10.0.0.1:80");
        await _mesh.Clock.AdvanceUntilAsync(() => Orders.Source.Error is null, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        Assert.True(Orders.Source.Age < TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Isolate_OneEndpoint_GetsNoCallUntilItIsReleased()
    {
        await _mesh.RegisterAsync(1, 2);
        int calls = 0;
        _mesh.Answer = (e, _) =>
        {
            calls += e.Host == "10.0.0.1" ? 1 : 0;
            return ProbedMesh.Status(200);
        };

        Assert.True(_status.Isolate("orders", "10.0.0.1:80"));
        await CallsAsync(20);
        Assert.Equal(0, calls);
        Assert.Equal("isolated by an operator", Orders.Endpoints[0].Reason);
        Assert.Equal(1, Orders.UsableEndpoints);

        Assert.True(_status.Release("orders", "10.0.0.1:80"));
        await CallsAsync(20);
        Assert.Equal(10, calls);
        Assert.Single(_mesh.Log.Of(2022));
        Assert.Single(_mesh.Log.Of(2023));
    }

    [Fact]
    public async Task Isolate_AllButAnEjectedOne_PanicCallsThatOneOnly()
    {
        await _mesh.RegisterAsync(1, 2, 3);
        _status.Isolate("orders", "10.0.0.1:80");
        _status.Isolate("orders", "10.0.0.2:80");
        for (int i = 0; i < 5; i++)
        {
            _mesh.FailOnce(_mesh.Nodes[2]);
        }

        var called = new List<string>();
        _mesh.Answer = (e, _) =>
        {
            called.Add(e.Host);
            return ProbedMesh.Status(200);
        };
        Assert.True(Orders.InPanic);
        await CallsAsync(20);

        Assert.Equal(20, called.Count);
        Assert.All(called, static h => Assert.Equal("10.0.0.3", h));
    }

    [Fact]
    public async Task Isolate_All_SaysWhyNobodyCanBeCalled()
    {
        await _mesh.RegisterAsync(1, 2);
        Assert.True(_status.Isolate("ORDERS", "10.0.0.1:80") && _status.Isolate("orders", "10.0.0.2:80"));

        MeshException error = await Assert.ThrowsAsync<MeshException>(() => _mesh.GetAsync());

        Assert.Equal(MeshError.NoEndpointAvailable, error.Error);
        Assert.Contains("2 out (10.0.0.1:80 isolated by an operator, 10.0.0.2:80 isolated by an operator)", error.Message, StringComparison.Ordinal);
        Assert.Contains("when they are released", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Isolate_AnEndpointThatIsDescribedAnew_StaysIsolated()
    {
        await _mesh.RegisterAsync(1, 2);
        _status.Isolate("orders", "10.0.0.1:80");

        _mesh.Registry.Set("orders", new MeshEndpoint("10.0.0.1", 80) { Weight = 7 }, new MeshEndpoint("10.0.0.3", 80));
        await Until.HoldsAsync(() => _mesh.Hosts.SequenceEqual(["1", "3"]));

        Assert.Equal((7, BreakerState.Isolated), (Orders.Endpoints[0].Weight, Orders.Endpoints[0].State));
    }

    [Fact]
    public async Task Isolate_AnEndpointThatLeavesAndComesBack_StaysIsolatedUntilReleased()
    {
        await _mesh.RegisterAsync(1, 2);
        _status.Isolate("orders", "10.0.0.1:80");
        await _mesh.RegisterAsync(2);
        await _mesh.RegisterAsync(1, 2);
        Assert.Equal(BreakerState.Isolated, Orders.Endpoints[0].State);

        _mesh.Registry.Set("orders", new MeshEndpoint("10.0.0.1", 80) { Id = "another" }, new MeshEndpoint("10.0.0.2", 80));
        await Until.HoldsAsync(() => _mesh.Nodes[0].Endpoint.Id == "another");
        Assert.Equal(BreakerState.Isolated, Orders.Endpoints[0].State);

        await _mesh.RegisterAsync(2);
        Assert.True(_status.Release("ORDERS", "10.0.0.1:80"));
        Assert.False(_status.Release("orders", "10.0.0.1:80"));
        await _mesh.RegisterAsync(1, 2);
        Assert.Equal(BreakerState.Closed, Orders.Endpoints[0].State);
    }

    [Fact]
    public async Task MeasureTraffic_ForATime_TellsWhatEndpointsDoAndThenStops()
    {
        await _mesh.RegisterAsync(1, 2);
        await CallsAsync(4);
        Assert.Null(Orders.Traffic);
        _status.MeasureTraffic(TimeSpan.FromMinutes(1));
        await CallsAsync(4);
        _mesh.Clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal((2, 1), (Orders.Traffic!.CallsPerSecond, Orders.Endpoints[0].Traffic!.CallsPerSecond));
        _status.MeasureTraffic(TimeSpan.FromSeconds(1));
        _mesh.Clock.Advance(TimeSpan.FromSeconds(57));
        await _mesh.RegisterAsync(1, 2, 3);
        Assert.Null(Orders.Endpoints[2].Traffic);
        _mesh.Clock.Advance(TimeSpan.FromSeconds(0.5));
        Assert.NotNull(Orders.Endpoints[2].Traffic);
        _mesh.Clock.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Null(Orders.Traffic);
        Assert.All(_mesh.Nodes, static n => Assert.Null(n.Traffic));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3601)]
    public void MeasureTraffic_NotAtAllOrTooLong_IsRefused(int seconds) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _status.MeasureTraffic(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public async Task GetServices_ABudgetAndAnEjectedEndpoint_SayWhatIsLeftAndWhen()
    {
        await _mesh.RegisterAsync(1, 2, 3);
        for (int i = 0; i < 5; i++)
        {
            _mesh.FailOnce(_mesh.Nodes[1]);
        }

        Assert.Null(Orders.RetryBudget);
        Assert.Equal(_mesh.Clock.GetUtcNow() + TimeSpan.FromSeconds(5), Orders.Endpoints[1].DueAt);
        Assert.Null(Orders.Endpoints[0].DueAt);
    }

    [Theory]
    [InlineData("orders", "10.0.0.9:80")]
    [InlineData("orders", "10.0.0.1")]
    [InlineData("stock", "10.0.0.1:80")]
    public async Task IsolateAndRelease_WhatIsNotThere_IsNotFound(string service, string endpoint)
    {
        await _mesh.RegisterAsync(1);

        Assert.False(_status.Isolate(service, endpoint));
        Assert.False(_status.Release(service, endpoint));
    }

    [Fact]
    public void GetServices_FromTheApplicationsServices_IsThere()
    {
        using var mesh = new ScriptedMesh();
        Assert.IsType<MeshStatus>(mesh.Provider.GetService(typeof(IMeshStatus)));
    }

    public void Dispose() => _mesh.Dispose();

    private async Task CallsAsync(int count)
    {
        for (int i = 0; i < count; i++)
        {
            await _mesh.GetAsync();
        }
    }
}
