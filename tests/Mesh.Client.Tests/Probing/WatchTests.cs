using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Probing;
using Mesh.Client.Testing;
using Mesh.Client.Tests.Nodes;
using Mesh.Client.Tests.Waiting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mesh.Client.Tests.Probing;

/// <summary>Endpoints that say by themselves when their health changes.</summary>
public sealed class WatchTests : IDisposable
{
    private static readonly HealthCheckPolicy s_policy = new() { Type = HealthCheckType.Grpc, Path = "orders", Interval = TimeSpan.FromSeconds(10), UnhealthyAfter = 3, HealthyAfter = 2 };

    private readonly HealthServer _server = new();
    private readonly ManualTimeProvider _clock;
    private readonly EndpointNode _node;
    private readonly EndpointProber _prober;

    public WatchTests()
    {
        var fleet = new Fleet(1);
        (_clock, _node) = (fleet.Clock, fleet[0]);
        var maker = new ProbeMaker("orders", (_, _) => _server, dial: null);
        _prober = new EndpointProber(_node, "orders", maker, new ProbeRounds(_clock, new SeededRandom(1)), NullLogger.Instance);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private bool IsOut => _node.State is BreakerState.Unhealthy;

    public void Dispose() => _prober.End();

    [Theory]
    [InlineData(2, "\"orders\" is NOT_SERVING")]
    [InlineData(3, "\"orders\" is unknown to the server's health service")]
    public async Task Watch_StatusChanges_TakesEffectAtOnce(byte status, string fault)
    {
        await BeginAsync();
        int checks = _server.Checks;
        DateTimeOffset now = _clock.GetUtcNow();

        await _server.SayAsync(status);
        await Until.HoldsAsync(() => IsOut);
        Assert.Equal(fault, _node.Fault);
        await _server.SayAsync(1);
        await Until.HoldsAsync(() => !IsOut);

        Assert.Equal((now, checks, 1), (_clock.GetUtcNow(), _server.Checks, _server.Watches));
    }

    [Fact]
    public async Task Watch_NotServing_IsNotOverruledByChecks()
    {
        await BeginAsync();

        await _server.SayAsync(2);
        await Until.HoldsAsync(() => IsOut);
        await ChecksAsync(5);

        Assert.True(IsOut);
    }

    [Fact]
    public async Task Watch_ServingButCheckFails_LeavesAfterSoManyFailures()
    {
        await BeginAsync();
        await _server.SayAsync(1);
        _server.Status = 2;

        await ChecksAsync(2);
        Assert.False(IsOut);
        await AdvanceUntilAsync(() => IsOut);

        Assert.Equal(1, _server.Watches);
    }

    [Fact]
    public async Task Watch_Breaks_ChecksDecideAndOneStreamFollows()
    {
        await BeginAsync();
        await _server.SayAsync(2);
        await Until.HoldsAsync(() => IsOut);

        _server.Break();
        await AdvanceUntilAsync(() => _server.Watches == 2);
        await AdvanceUntilAsync(() => !IsOut);

        Assert.Equal((1, 1), (_server.Open, _server.MostOpen));
    }

    [Fact]
    public async Task Watch_BreaksAgainAndAgain_IsBegunAtAShrinkingRate()
    {
        await BeginAsync();
        DateTimeOffset start = _clock.GetUtcNow();

        for (int i = 1; i <= 20; i++)
        {
            _server.Break();
            await AdvanceUntilAsync(() => _server.Watches > i);
        }

        // Full jitter up to 1, 2, 4, 8 and then 10 s: about 90 s, and certainly more than two.
        Assert.InRange(_clock.GetUtcNow() - start, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(220));
        Assert.Equal(1, _server.MostOpen);
        Assert.False(IsOut);
    }

    [Theory]
    [InlineData(new byte[] { 0, 0xff, 0xff, 0xff, 0xff })]
    [InlineData(new byte[] { 0, 0, 0, 0, 1, 8 })]
    [InlineData(new byte[] { 1, 0, 0, 0, 2, 8, 1 })]
    public async Task Watch_SaysWhatIsNoAnswer_IsBegunAnewAndHarmsNobody(byte[] bytes)
    {
        await BeginAsync();

        await _server.SayAsync(bytes);
        await AdvanceUntilAsync(() => _server.Watches == 2);

        Assert.False(IsOut);
    }

    [Fact]
    public async Task Watch_Unimplemented_IsAskedForAgainAfterTenIntervals()
    {
        _server.HasWatch = false;
        await BeginAsync();
        _server.Status = 2;

        await AdvanceUntilAsync(() => IsOut);
        Assert.Equal(1, _server.Watches);
        await AdvanceUntilAsync(() => _server.Watches == 2);

        Assert.InRange(_server.Checks, 10, 13);
    }

    [Fact]
    public async Task End_StreamOpen_EndsItAndTheEndpointIsWell()
    {
        await BeginAsync();
        await _server.SayAsync(2);
        await Until.HoldsAsync(() => IsOut);

        _prober.End();

        await Until.HoldsAsync(() => _server.Open == 0);
        Assert.Equal((false, null), (IsOut, _node.Fault));
    }

    private async Task BeginAsync()
    {
        _prober.Begin(new ProbePlan(_node.Endpoint, s_policy, new TransportPolicy()));
        await AdvanceUntilAsync(() => _server.Watches == 1 && _server.Checks == 1);
    }

    private Task ChecksAsync(int more)
    {
        int until = _server.Checks + more;
        return AdvanceUntilAsync(() => _server.Checks >= until);
    }

    private Task AdvanceUntilAsync(Func<bool> condition) => _clock.AdvanceUntilAsync(condition, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1), Token);
}
