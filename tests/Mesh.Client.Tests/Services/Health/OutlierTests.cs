using Mesh.Client.Health;
using Mesh.Client.Nodes;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.Tests.Services.Health;

/// <summary>Ejection by comparison in a whole service.</summary>
public sealed class OutlierTests : IDisposable
{
    private static readonly (string, string?)[] Compared =
    [
        ("Services:orders:LoadBalancing:Policy", "RoundRobin"), ("Services:orders:Retry:MaxAttempts", "1"), ("Services:orders:CircuitBreaker:MinimumThroughput", "1000"),
    ];

    private readonly WatchedMesh _mesh = new(Compared);
    private int _calls;

    [Fact]
    public async Task Compare_OneOfSixFailsAFifthOfItsCalls_IsEjectedAtTheEndOfTheInterval()
    {
        EndpointNode[] nodes = await FailingAsync(6, "10.0.0.4");

        await CallsAsync(720);
        Assert.All(nodes, static n => Assert.Equal(BreakerState.Closed, n.State));
        _mesh.Clock.Advance(TimeSpan.FromSeconds(5));
        await Until.HoldsAsync(() => nodes[3].State is BreakerState.Open);

        Assert.Equal(BreakReason.SuccessRate, nodes[3].Breaker.Reason);
        Assert.Equal(1, _mesh.Orders.Ledger.Out);
        Assert.Matches("10.0.0.4:80 ejected .*SuccessRate", Assert.Single(_mesh.Log.Of(2005)));
        _mesh.Answer = static (_, _) => Task.FromResult(new HttpResponseMessage());
        _mesh.Clock.Advance(TimeSpan.FromSeconds(5));
        await CallsAsync(12);
        Assert.Equal(BreakerState.Closed, nodes[3].State);
    }

    [Theory]
    [InlineData(4, 720, "1.9")]
    [InlineData(6, 500, "1.9")]
    [InlineData(6, 720, "0")]
    public async Task Compare_TooFewEndpointsOrCallsOrSwitchedOff_EjectsNobody(int endpoints, int calls, string factor)
    {
        _mesh.Configure([.. Compared, ("Services:orders:CircuitBreaker:SuccessRateStdevFactor", factor)]);
        EndpointNode[] nodes = await FailingAsync(endpoints, "10.0.0.4");

        await CallsAsync(calls);
        _mesh.Clock.Advance(TimeSpan.FromSeconds(5));
        await _mesh.Clock.SettleAsync();

        Assert.All(nodes, static n => Assert.Equal(BreakerState.Closed, n.State));
    }

    [Fact]
    public async Task Compare_AllFailAlike_EjectsNobody()
    {
        EndpointNode[] nodes = await FailingAsync(6, "10.0.0.");

        await CallsAsync(720);
        _mesh.Clock.Advance(TimeSpan.FromSeconds(5));
        await _mesh.Clock.SettleAsync();

        Assert.All(nodes, static n => Assert.Equal(BreakerState.Closed, n.State));
    }

    public void Dispose() => _mesh.Dispose();

    // Every fifth call of an endpoint whose host begins so fails; RoundRobin gives each the same number.
    private async Task<EndpointNode[]> FailingAsync(int endpoints, string host)
    {
        var counts = new Dictionary<string, int>();
        EndpointNode[] nodes = await _mesh.RegisterAsync([.. Enumerable.Range(1, endpoints)]);
        _mesh.Clock.Advance(TimeSpan.FromSeconds(5));
        _mesh.Answer = (e, _) =>
        {
            int count = counts[e.Host] = counts.GetValueOrDefault(e.Host) + 1;
            return ProbedMesh.Status(e.Host.StartsWith(host, StringComparison.Ordinal) && count % 5 == 0 ? 502 : 200);
        };
        return nodes;
    }

    private async Task CallsAsync(int count)
    {
        for (int i = 0; i < count; i++, _calls++)
        {
            await _mesh.GetAsync();
        }
    }
}
