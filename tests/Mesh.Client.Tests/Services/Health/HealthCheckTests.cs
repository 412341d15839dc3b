using System.Net;
using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Services;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.Tests.Services.Health;

/// <summary>Active health checks of a whole service.</summary>
public sealed class HealthCheckTests : IDisposable
{
    private readonly ProbedMesh _probed = new();

    private WatchedMesh Mesh => _probed.Mesh;

    [Fact]
    public async Task Probes_OneEndpointFails_LeavesThePickAndComesBack()
    {
        await Mesh.RegisterAsync(1, 2, 3);
        bool sick = true;
        _probed.Answer = (e, _) => ProbedMesh.Status(e.Host == "10.0.0.2" && Volatile.Read(ref sick) ? 503 : 200);

        await _probed.AdvanceUntilAsync(() => Mesh.Nodes[1].State is BreakerState.Unhealthy);
        Assert.Equal(3, _probed.AskedOf(2));
        Assert.Equal("/healthz answered 503", Mesh.Nodes[1].Fault);
        int before = _probed.AskedOf(2);
        await CallsAsync(30);
        Assert.Equal(before, _probed.AskedOf(2));

        Volatile.Write(ref sick, false);
        await _probed.AdvanceUntilAsync(() => Mesh.Nodes[1].State is BreakerState.Closed);
        Assert.Equal(before + 2, _probed.AskedOf(2));
        Assert.Null(Mesh.Nodes[1].Fault);
        Assert.NotEqual(0, Mesh.Nodes[1].WarmingSince);
        await CallsAsync(3);
        Assert.Equal(before + 3, _probed.AskedOf(2));
    }

    [Fact]
    public async Task Probes_AllFail_PanicCallsThemAllTheSame()
    {
        await Mesh.RegisterAsync(1, 2);
        _probed.Answer = static (_, _) => ProbedMesh.Status(500);
        await _probed.AdvanceUntilAsync(() => _probed.States.All(static s => s is BreakerState.Unhealthy));

        Assert.True(Mesh.Orders.Ledger.InPanic);
        Assert.Equal(0, Mesh.Orders.Ledger.Out);
        Assert.Equal(HttpStatusCode.InternalServerError, await Mesh.GetAsync());
    }

    [Theory]
    [InlineData(204, true)]
    [InlineData(299, true)]
    [InlineData(199, false)]
    [InlineData(301, false)]
    [InlineData(404, false)]
    public async Task Probes_AnyStatus_IsWellFrom200To299(int status, bool well)
    {
        await Mesh.RegisterAsync(1);
        _probed.Answer = (_, _) => ProbedMesh.Status(status);

        await _probed.RoundsAsync(1, 4);

        Assert.Equal(well ? BreakerState.Closed : BreakerState.Unhealthy, _probed.States[0]);
    }

    [Fact]
    public async Task Probes_AnEndpointHangs_TimesOutAndNeverHasTwoOutInAThousandRounds()
    {
        await Mesh.RegisterAsync(1);
        _probed.Answer = static (_, t) => ProbedMesh.Hang(t);

        await _probed.RoundsAsync(1, 1000);

        Assert.Equal(1, _probed.MostOut("10.0.0.1"));
        Assert.Equal((BreakerState.Unhealthy, "no answer within 00:00:02"), (_probed.States[0], Mesh.Nodes[0].Fault));
    }

    [Fact]
    public async Task Probes_ATransportThatIgnoresItsToken_HasOneOutAndIsUnwell()
    {
        await Mesh.RegisterAsync(1);
        var never = new TaskCompletionSource<HttpResponseMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        _probed.Answer = (_, _) => never.Task;

        await _probed.AdvanceUntilAsync(() => _probed.States[0] is BreakerState.Unhealthy);
        for (int interval = 0; interval < 1000; interval++)
        {
            Mesh.Clock.Advance(TimeSpan.FromSeconds(10));
            Mesh.Orders.OnCall(Mesh.Clock.GetTimestamp());
        }

        await Mesh.Clock.SettleAsync();
        Assert.Equal(1, _probed.AskedOf(1));
        Mesh.Configure([.. ProbedMesh.Http, ("Services:orders:HealthCheck:Interval", "00:00:01")]);
        await Until.HoldsAsync(() => Mesh.Orders.Snapshot!.Policy.HealthCheck.Interval == TimeSpan.FromSeconds(1));
        for (int interval = 0; interval < 20; interval++)
        {
            Mesh.Clock.Advance(TimeSpan.FromSeconds(1));
            await Mesh.Clock.SettleAsync();
        }

        Assert.Equal(1, _probed.AskedOf(1));
        never.SetResult(new HttpResponseMessage(HttpStatusCode.OK));
        _probed.Answer = static (_, _) => ProbedMesh.Status(200);
        await _probed.AdvanceUntilAsync(() => _probed.States[0] is BreakerState.Closed);
    }

    [Fact]
    public async Task Probes_ATransportThatThrowsAtOnce_IsUnwellAndNothingElse()
    {
        await Mesh.RegisterAsync(1, 2);
        _probed.Answer = static (e, _) => e.Host == "10.0.0.1" ? throw new InvalidOperationException("no such thing") : ProbedMesh.Status(200);

        await _probed.AdvanceUntilAsync(() => Mesh.Nodes[0].State is BreakerState.Unhealthy);

        Assert.Equal("no such thing", Mesh.Nodes[0].Fault);
        Assert.Equal(BreakerState.Closed, Mesh.Nodes[1].State);
    }

    [Fact]
    public async Task Probes_FailAndSucceed_LeaveTheBreakersWindowAlone()
    {
        EndpointNode node = (await Mesh.RegisterAsync(1, 2, 3))[0];
        int status = 500;
        _probed.Answer = (_, _) => ProbedMesh.Status(Volatile.Read(ref status));
        await _probed.AdvanceUntilAsync(() => node.State is BreakerState.Unhealthy);
        Assert.Equal(default, node.Breaker.Sum(Mesh.Clock.GetTimestamp()));

        Volatile.Write(ref status, 200);
        await _probed.AdvanceUntilAsync(() => node.State is BreakerState.Closed);
        Assert.Equal(default, node.Breaker.Sum(Mesh.Clock.GetTimestamp()));
    }

    [Fact]
    public async Task Probes_Succeed_DoNotCloseTheBreakersGate()
    {
        EndpointNode node = (await Mesh.RegisterAsync(1, 2, 3))[0];
        for (int i = 0; i < 5; i++)
        {
            Mesh.FailOnce(node);
        }

        await _probed.RoundsAsync(1, 5);

        Assert.Equal(BreakerState.Open, node.State);
    }

    [Fact]
    public async Task Probes_AnEndpointLeavesAndAnotherComes_FollowThem()
    {
        await Mesh.RegisterAsync(1, 2);
        await _probed.RoundsAsync(1, 1);
        EndpointNode left = Mesh.Nodes[0];
        await Mesh.RegisterAsync(2, 3);
        await Mesh.Clock.SettleAsync();
        int before = _probed.AskedOf(1);

        await _probed.RoundsAsync(3, 3);

        Assert.Equal(before, _probed.AskedOf(1));
        Assert.Equal(BreakerState.Closed, left.State);
        TrackedHandlersOfHostAreClosed("10.0.0.1");
    }

    [Fact]
    public async Task Probes_AnEndpointLeavesWhileItsProbeIsOut_CancelsIt()
    {
        await Mesh.RegisterAsync(1, 2);
        _probed.Answer = static (e, t) => e.Host == "10.0.0.1" ? ProbedMesh.Hang(t) : ProbedMesh.Status(200);
        await _probed.AdvanceUntilAsync(() => _probed.Out == 1);

        await Mesh.RegisterAsync(2);

        await Until.HoldsAsync(() => _probed.Out == 0);
    }

    [Fact]
    public async Task Reload_OtherThresholdsAndPath_KeepsWhatIsKnown()
    {
        await Mesh.RegisterAsync(1, 2, 3);
        _probed.Answer = static (e, _) => ProbedMesh.Status(e.Host == "10.0.0.1" ? 500 : 200);
        await _probed.AdvanceUntilAsync(() => Mesh.Nodes[0].State is BreakerState.Unhealthy);

        Mesh.Configure([("Services:orders:HealthCheck:Path", "/other"), ("Services:orders:HealthCheck:HealthyAfter", "4")]);
        await Until.HoldsAsync(() => Mesh.Orders.Snapshot!.Policy.HealthCheck.HealthyAfter == 4);
        Assert.Equal(BreakerState.Unhealthy, Mesh.Nodes[0].State);

        int before = _probed.AskedOf(1);
        _probed.Answer = static (_, _) => ProbedMesh.Status(200);
        await _probed.AdvanceUntilAsync(() => Mesh.Nodes[0].State is BreakerState.Closed);
        Assert.Equal(before + 4, _probed.AskedOf(1));
    }

    [Fact]
    public async Task Reload_SwitchedOff_MakesAllAvailableAndProbesNoMore()
    {
        await Mesh.RegisterAsync(1, 2);
        _probed.Answer = static (_, _) => ProbedMesh.Status(500);
        await _probed.AdvanceUntilAsync(() => _probed.States.All(static s => s is BreakerState.Unhealthy));

        Mesh.Configure();
        await Until.HoldsAsync(() => _probed.States.All(static s => s is BreakerState.Closed));

        int before = _probed.Asked.Count;
        Mesh.Clock.Advance(TimeSpan.FromMinutes(5));
        await Mesh.Clock.SettleAsync();
        Assert.Equal(before, _probed.Asked.Count);
        Assert.Equal(0, Mesh.Orders.Ledger.Unavailable);
    }

    [Fact]
    public async Task Reload_SwitchedOffAndOnWhileAProbeIgnoresItsToken_HasOneOutAndIsUnwell()
    {
        var never = new TaskCompletionSource<HttpResponseMessage>();
        await Mesh.RegisterAsync(1);
        _probed.Answer = (_, _) => never.Task;
        await _probed.AdvanceUntilAsync(() => _probed.Out == 1);
        Mesh.Configure();
        await Until.HoldsAsync(() => Mesh.Orders.Snapshot!.Policy.HealthCheck.Type is HealthCheckType.None);
        await Mesh.Clock.SettleAsync();

        Mesh.Configure(ProbedMesh.Http);
        await _probed.AdvanceUntilAsync(() => Mesh.Nodes[0].State is BreakerState.Unhealthy);
        Assert.Equal(1, _probed.MostOut("10.0.0.1"));

        _probed.Answer = static (_, _) => ProbedMesh.Status(200);
        never.SetResult(new HttpResponseMessage());
        await _probed.AdvanceUntilAsync(() => Mesh.Nodes[0].State is BreakerState.Closed);
    }

    [Fact]
    public async Task Dispose_ProbesOut_EndsThemAndAllTimers()
    {
        await SetTimeoutAsync();
        await Mesh.RegisterAsync(1, 2);
        _probed.Answer = static (_, t) => ProbedMesh.Hang(t);
        await _probed.AdvanceUntilAsync(() => _probed.Out == 2);

        Mesh.Dispose();

        await Until.HoldsAsync(() => _probed.Out == 0 && Mesh.Clock.ActiveTimers == 0);
        Assert.All(Mesh.Transports, static t => Assert.Equal(1, t.Disposals));
    }

    [Fact]
    public async Task Probes_ADrainedEndpoint_AreNotMade()
    {
        _ = Mesh.Orders;
        Mesh.Registry.Set("orders", new MeshEndpoint("10.0.0.1", 80) { Weight = 0 }, new MeshEndpoint("10.0.0.2", 80));
        await Until.HoldsAsync(() => Mesh.Nodes.Length == 2);

        await _probed.RoundsAsync(2, 5);

        Assert.Equal(0, _probed.AskedOf(1));
    }

    [Fact]
    public async Task Probes_ManyEndpointsThatHang_AreBoundedAtOnce()
    {
        await SetTimeoutAsync();
        await Mesh.RegisterAsync([.. Enumerable.Range(1, 200)]);
        _probed.Answer = static (_, t) => ProbedMesh.Hang(t);

        await _probed.AdvanceUntilAsync(() => _probed.Out == 64);
        Mesh.Clock.Advance(TimeSpan.FromMinutes(1));
        await Mesh.Clock.SettleAsync();
        Assert.Equal((64, 64), (_probed.Out, _probed.Asked.Count));

        await _probed.AdvanceUntilAsync(() => _probed.States.All(static s => s is BreakerState.Unhealthy));
    }

    [Fact]
    public async Task Probes_OneGoesWellOfTheTwoThatItTakes_TheReasonSaysSo()
    {
        await Mesh.RegisterAsync(1, 2);
        bool sick = true;
        _probed.Answer = (e, _) => ProbedMesh.Status(e.Host == "10.0.0.1" && Volatile.Read(ref sick) ? 503 : 200);
        await _probed.AdvanceUntilAsync(() => Mesh.Nodes[0].State is BreakerState.Unhealthy);
        Assert.Equal("unhealthy: /healthz answered 503", StateWords.Of(Mesh.Nodes[0]));

        Volatile.Write(ref sick, false);
        await _probed.AdvanceUntilAsync(() => Mesh.Nodes[0].Fault is null);

        Assert.Equal("unhealthy, though its last probe went well", StateWords.Of(Mesh.Nodes[0]));
    }

    [Fact]
    public async Task FailFast_AllUnhealthy_RejectsAndSaysWhy()
    {
        await Mesh.RegisterAsync(1, 2);
        Mesh.Configure([.. ProbedMesh.Http, ("Services:orders:CircuitBreaker:FailFast", "true")]);
        _probed.Answer = static (_, _) => ProbedMesh.Status(503);
        await _probed.AdvanceUntilAsync(() => _probed.States.All(static s => s is BreakerState.Unhealthy));

        MeshException error = await Assert.ThrowsAsync<MeshException>(() => Mesh.GetAsync());

        Assert.Contains("10.0.0.1:80 unhealthy: /healthz answered 503", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _probed.Dispose();

    private void TrackedHandlersOfHostAreClosed(string host) =>
        Assert.All(Mesh.Transports.Where(t => t.Endpoint.Host == host), static t => Assert.Equal(1, t.Disposals));

    // Whoever hangs goes on hanging for as long as a test needs.
    private async Task SetTimeoutAsync()
    {
        _ = Mesh.Orders;
        Mesh.Configure([.. ProbedMesh.Http, ("Services:orders:HealthCheck:Timeout", "00:05:00")]);
        await Mesh.Clock.SettleAsync();
    }

    private async Task CallsAsync(int count)
    {
        for (int i = 0; i < count; i++)
        {
            await Mesh.GetAsync();
        }
    }
}
