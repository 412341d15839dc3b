using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.Tests.Services;

/// <summary>What an answer without endpoints does after a good one, and before any.</summary>
public sealed class EmptyAnswerTests : IDisposable
{
    private const int HeldEvent = 2003;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    private readonly WatchedMesh _mesh = new();

    public static TheoryData<string> Doubtful => ["empty", "empty set", "removed"];

    [Theory]
    [MemberData(nameof(Doubtful))]
    public async Task Unconfirmed_WithinTheGrace_KeepsEvenEndpointsThatFail(string answer)
    {
        EndpointNode[] nodes = await _mesh.RegisterAsync(1, 2);
        await LoseAsync(answer);

        _mesh.Clock.Advance(Grace - Tick);
        Array.ForEach(nodes, _mesh.FailOnce);
        await _mesh.Clock.SettleAsync();

        Assert.Equal(nodes, _mesh.Nodes);
        Assert.All(nodes, static n => Assert.False(n.IsUnlisted));
    }

    [Theory]
    [MemberData(nameof(Doubtful))]
    public async Task Unconfirmed_AfterTheGrace_KeepsEndpointsUntilTheyFail(string answer)
    {
        EndpointNode[] nodes = await _mesh.RegisterAsync(1, 2, 3);
        await LoseAsync(answer);
        await PassGraceAsync(nodes);
        Assert.Equal(["1", "2", "3"], _mesh.Hosts);

        _mesh.FailOnce(nodes[1]);
        await Until.HoldsAsync(() => _mesh.Hosts is ["1", "3"]);
        Assert.Equal(System.Net.HttpStatusCode.OK, await _mesh.GetAsync());
        _mesh.FailOnce(nodes[0]);
        _mesh.FailOnce(nodes[2]);

        await Until.HoldsAsync(() => _mesh.Hosts is []);
        MeshException error = await Assert.ThrowsAsync<MeshException>(() => _mesh.GetAsync());
        Assert.Equal(MeshError.NoEndpoints, error.Error);
        Assert.Contains("InMemory: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unconfirmed_AfterTheGrace_DropsAnEndpointWhoseCallUnderWayFails()
    {
        EndpointNode[] nodes = await _mesh.RegisterAsync(1, 2);
        Assert.True(nodes[0].TryBegin(_mesh.Clock.GetTimestamp(), ignoreGate: false, out Attempt underWay));
        await LoseAsync("empty");
        await PassGraceAsync(nodes);

        underWay.Complete(new Client.Health.AttemptResult(Outcome.Failure, false, 0), _mesh.Clock.GetTimestamp());

        await Until.HoldsAsync(() => _mesh.Hosts is ["2"]);
    }

    [Fact]
    public async Task Unconfirmed_Again_DoesNotBeginTheGraceAnew()
    {
        EndpointNode[] nodes = await _mesh.RegisterAsync(1);
        await LoseAsync("empty");
        _mesh.Clock.Advance(TimeSpan.FromSeconds(20));
        _mesh.Registry.SetEmpty("orders", confirmed: false);
        _mesh.Registry.Remove("orders");
        await _mesh.Clock.SettleAsync();

        _mesh.Clock.Advance(TimeSpan.FromSeconds(10));

        await Until.HoldsAsync(() => nodes[0].IsUnlisted);
        Assert.Single(_mesh.Log.Of(HeldEvent));
    }

    [Fact]
    public async Task Found_WithinTheGrace_IsAsIfNothingHadBeen()
    {
        EndpointNode[] nodes = await _mesh.RegisterAsync(1, 2);
        await LoseAsync("empty");
        _mesh.Clock.Advance(TimeSpan.FromSeconds(20));

        await FindAsync(nodes);
        _mesh.Clock.Advance(TimeSpan.FromMinutes(5));
        await _mesh.Clock.SettleAsync();
        Array.ForEach(nodes, _mesh.FailOnce);
        await _mesh.Clock.SettleAsync();

        Assert.Equal(nodes, _mesh.Nodes);
    }

    [Fact]
    public async Task Found_AfterTheGrace_ListsThemAgainWithTheirState()
    {
        EndpointNode[] nodes = await _mesh.RegisterAsync(1, 2);
        await LoseAsync("empty");
        await PassGraceAsync(nodes);

        await FindAsync(nodes);
        await Until.HoldsAsync(() => !nodes[0].IsUnlisted && !nodes[1].IsUnlisted);
        _mesh.FailOnce(nodes[0]);
        await _mesh.Clock.SettleAsync();

        Assert.Equal(nodes, _mesh.Nodes);
    }

    [Fact]
    public async Task Found_WithOthersAfterTheGrace_ReplacesThem()
    {
        EndpointNode[] nodes = await _mesh.RegisterAsync(1, 2);
        await LoseAsync("empty");
        await PassGraceAsync(nodes);

        EndpointNode[] after = await _mesh.RegisterAsync(2, 3);

        Assert.Same(nodes[1], after[0]);
        Assert.All(after, static n => Assert.False(n.IsUnlisted));
    }

    [Fact]
    public async Task Unconfirmed_AfterAGoodAnswer_HasAGraceOfItsOwn()
    {
        EndpointNode[] nodes = await _mesh.RegisterAsync(1);
        await LoseAsync("empty");
        _mesh.Clock.Advance(TimeSpan.FromSeconds(29));
        await FindAsync(nodes);
        await LoseAsync("empty", times: 2);

        _mesh.Clock.Advance(Grace - Tick);
        await _mesh.Clock.SettleAsync();
        Assert.False(nodes[0].IsUnlisted);
        _mesh.Clock.Advance(Tick);

        await Until.HoldsAsync(() => nodes[0].IsUnlisted);
    }

    [Fact]
    public async Task Confirmed_AtAnyTime_TakesEffectAtOnce()
    {
        EndpointNode[] nodes = await _mesh.RegisterAsync(1, 2);
        Assert.True(nodes[0].TryBegin(_mesh.Clock.GetTimestamp(), ignoreGate: false, out Attempt underWay));
        _ = nodes[0].Transport;

        _mesh.Registry.SetEmpty("orders", confirmed: true);

        await Until.HoldsAsync(() => _mesh.Orders.Snapshot!.Nodes.IsEmpty);
        await Until.HoldsAsync(() => !nodes[1].TryBegin(_mesh.Clock.GetTimestamp(), ignoreGate: true, out Attempt _));
        Assert.Equal(0, Assert.Single(_mesh.Transports).Disposals);
        underWay.Dispose();
        Assert.Equal(1, Assert.Single(_mesh.Transports).Disposals);
        Assert.Equal(MeshError.NoEndpoints, (await Assert.ThrowsAsync<MeshException>(() => _mesh.GetAsync())).Error);
    }

    [Fact]
    public async Task Confirmed_DuringTheGrace_TakesEffectAtOnce()
    {
        await _mesh.RegisterAsync(1, 2);
        await LoseAsync("empty");

        _mesh.Registry.SetEmpty("orders", confirmed: true);

        await Until.HoldsAsync(() => _mesh.Hosts is []);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Empty_AsTheFirstAnswer_FailsCallsAtOnceAndSaysWhy(bool confirmed)
    {
        _mesh.Registry.SetEmpty("orders", confirmed);

        MeshException error = await Assert.ThrowsAsync<MeshException>(() => _mesh.GetAsync());

        Assert.Equal(MeshError.NoEndpoints, error.Error);
        Assert.Contains("InMemory: no endpoint", error.Message, StringComparison.Ordinal);
        await _mesh.RegisterAsync(1);
        Assert.Equal(System.Net.HttpStatusCode.OK, await _mesh.GetAsync());
    }

    [Fact]
    public async Task PolicyChange_DuringAndAfterTheGrace_ChangesNothingAboutIt()
    {
        EndpointNode[] nodes = await _mesh.RegisterAsync(1, 2);
        await LoseAsync("empty");
        _mesh.Configure(("Services:orders:AttemptTimeout", "00:00:07"));
        await Until.HoldsAsync(() => _mesh.Orders.Snapshot!.Policy.AttemptTimeout == TimeSpan.FromSeconds(7));
        Assert.Equal(nodes, _mesh.Nodes);

        await PassGraceAsync(nodes);
        _mesh.FailOnce(nodes[0]);
        await Until.HoldsAsync(() => _mesh.Hosts is ["2"]);
        _mesh.Configure(("Services:orders:AttemptTimeout", "00:00:08"));
        await Until.HoldsAsync(() => _mesh.Orders.Snapshot!.Policy.AttemptTimeout == TimeSpan.FromSeconds(8));

        Assert.Equal(["2"], _mesh.Hosts);
        Assert.True(nodes[1].IsUnlisted);
        Assert.Single(_mesh.Log.Of(HeldEvent));
    }

    [Fact]
    public async Task Unconfirmed_WithoutAGrace_LeavesEndpointsUntilTheyFailFromTheFirstMoment()
    {
        using var mesh = new WatchedMesh(("Discovery:EmptyGrace", "00:00:00"));
        EndpointNode[] nodes = await mesh.RegisterAsync(1, 2);

        mesh.Registry.SetEmpty("orders", confirmed: false);
        await Until.HoldsAsync(() => mesh.Log.Of(HeldEvent).Any());
        mesh.Clock.Advance(TimeSpan.Zero);
        await Until.HoldsAsync(() => nodes[0].IsUnlisted);
        mesh.FailOnce(nodes[0]);

        await Until.HoldsAsync(() => mesh.Hosts is ["2"]);
    }

    public void Dispose() => _mesh.Dispose();

    private async Task LoseAsync(string answer, int times = 1)
    {
        switch (answer)
        {
            case "empty":
                _mesh.Registry.SetEmpty("orders", confirmed: false);
                break;
            case "empty set":
                _mesh.Registry.Set("orders", new EndpointSet([]));
                break;
            default:
                _mesh.Registry.Remove("orders");
                break;
        }

        await Until.HoldsAsync(() => _mesh.Log.Of(HeldEvent).Count() == times);
    }

    private async Task PassGraceAsync(EndpointNode[] nodes)
    {
        _mesh.Clock.Advance(Grace);
        await Until.HoldsAsync(() => nodes.All(static n => n.IsUnlisted));
    }

    /// <summary>Registers the endpoints again, and one more for a moment to see that the mesh has heard of it.</summary>
    private async Task FindAsync(EndpointNode[] nodes)
    {
        int[] hosts = [.. nodes.Select(static n => n.Endpoint.Host[^1] - '0')];
        await _mesh.RegisterAsync([.. hosts, 9]);
        await _mesh.RegisterAsync(hosts);
    }
}
