using System.Net;
using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.Tests.Services;

/// <summary>The breakers of a whole service under real calls.</summary>
public sealed class EjectionTests : IDisposable
{
    private static readonly (string, string?)[] Plain =
    [
        ("Services:orders:LoadBalancing:Policy", "RoundRobin"), ("Services:orders:Retry:MaxAttempts", "1"),
    ];

    private readonly WatchedMesh _mesh = new(Plain);

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(409)]
    [InlineData(499)]
    [InlineData(501)]
    public async Task Calls_AnsweredWithTheCallersOwnErrors_EjectNobody(int status)
    {
        EndpointNode[] nodes = await _mesh.RegisterAsync(1, 2);
        _mesh.Answer = (_, _) => Status(status);

        await CallsAsync(300);

        Assert.All(nodes, static n => Assert.Equal(BreakerState.Closed, n.State));
        Assert.Equal(0, _mesh.Orders.Ledger.Out);
    }

    [Fact]
    public async Task Calls_OneEndpointAnswers500_IsEjected()
    {
        await _mesh.RegisterAsync(1, 2, 3, 4, 5);
        _mesh.Answer = static (e, _) => Status(e.Host == "10.0.0.3" ? 500 : 200);

        await CallsAsync(200);

        Assert.Equal(["3"], Ejected());
    }

    [Fact]
    public async Task Calls_TwoOfFiveEndpointsAnswer500_AreEjected()
    {
        await _mesh.RegisterAsync(1, 2, 3, 4, 5);
        _mesh.Answer = static (e, _) => Status(e.Host is "10.0.0.3" or "10.0.0.4" ? 500 : 200);

        await CallsAsync(300);

        Assert.Equal(["3", "4"], Ejected());
    }

    [Fact]
    public async Task Calls_APoisonedRequestAnswered500Everywhere_TakesOutNobody()
    {
        await _mesh.RegisterAsync(1, 2, 3, 4, 5);
        _mesh.Answer = static (_, _) => Status(500);

        await CallsAsync(500);

        Assert.Empty(Ejected());
    }

    [Fact]
    public async Task Calls_AllEndpointsAnswer502_EjectsHalfOfThemAndGoesOnCalling()
    {
        await _mesh.RegisterAsync(1, 2, 3, 4, 5, 6);
        int calls = 0;
        _mesh.Answer = (_, _) =>
        {
            calls++;
            return Status(502);
        };

        await CallsAsync(300);

        Assert.Equal(3, Ejected().Length);
        Assert.Equal(300, calls);
    }

    [Fact]
    public async Task Calls_CallersThatCancelEverythingSoon_EjectNobody()
    {
        EndpointNode[] nodes = await _mesh.RegisterAsync(1, 2);
        _mesh.Answer = Hang;

        await CancelAllAsync(200, after: TimeSpan.FromSeconds(1));

        Assert.Empty(Ejected());
        Assert.All(nodes, static n => Assert.Equal(0, n.InFlight));
    }

    [Fact]
    public async Task Calls_ABlackHoleBehindImpatientCallers_IsFound()
    {
        EndpointNode[] nodes = await _mesh.RegisterAsync(1, 2);
        _mesh.Answer = static (e, t) => e.Host == "10.0.0.1" ? Hang(e, t) : Status(200);

        await CancelAllAsync(100, after: TimeSpan.FromSeconds(5));

        Assert.Equal(["1"], Ejected());
        Assert.Equal(BreakReason.SlowCallRatio, nodes[0].Breaker.Reason);
        Assert.All(nodes, static n => Assert.Equal(0, n.InFlight));
    }

    [Fact]
    public async Task Calls_OneEndpointOverloaded_LeavesItAloneAsLongAsItAsks()
    {
        EndpointNode[] nodes = await _mesh.RegisterAsync(1, 2, 3);
        _mesh.Answer = static (e, _) => Status(e.Host == "10.0.0.1" ? 429 : 200, retryAfter: 2);

        await CallsAsync(30);
        Assert.Equal(BreakerState.Paused, nodes[0].State);
        Assert.Equal(1, nodes[0].Breaker.Sum(_mesh.Clock.GetTimestamp()).Total + _mesh.Orders.Ledger.Out);
        _mesh.Answer = static (_, _) => Status(200);
        _mesh.Clock.Advance(TimeSpan.FromSeconds(2));
        await CallsAsync(30);

        Assert.Equal(BreakerState.Closed, nodes[0].State);
        Assert.Equal(0, _mesh.Orders.Ledger.Out);
    }

    [Fact]
    public async Task Calls_BelowThePanicThreshold_GoToEjectedEndpointsToo()
    {
        EndpointNode[] nodes = await _mesh.RegisterAsync(1);
        _mesh.Answer = static (_, _) => Status(502);
        await CallsAsync(5);
        Assert.True(_mesh.Orders.Ledger.InPanic);

        _mesh.Answer = static (_, _) => Status(200);

        Assert.Equal(HttpStatusCode.OK, await _mesh.GetAsync());
        Assert.Equal(BreakerState.Open, nodes[0].State);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task FailFast_BelowThePanicThreshold_RejectsAtOnceAndComesBackByProbes(int endpoints)
    {
        _mesh.Configure([.. Plain, ("Services:orders:CircuitBreaker:FailFast", "true"), ("Services:orders:CircuitBreaker:MaxEjectionPercent", "100")]);
        EndpointNode[] nodes = await _mesh.RegisterAsync([.. Enumerable.Range(1, endpoints)]);
        await Until.HoldsAsync(() => _mesh.Orders.Snapshot!.Policy.Breaker.FailFast);
        int calls = 0;
        int status = 502;
        _mesh.Answer = (_, _) =>
        {
            calls++;
            return Status(status);
        };
        while (!_mesh.Orders.Ledger.InPanic)
        {
            await _mesh.GetAsync();
        }

        int before = calls;
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(MeshError.NoEndpointAvailable, (await Assert.ThrowsAsync<MeshException>(() => _mesh.GetAsync())).Error);
        }

        Assert.Equal(before, calls);
        status = 200;
        _mesh.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(HttpStatusCode.OK, await _mesh.GetAsync());
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(HttpStatusCode.OK, await _mesh.GetAsync());
        }

        Assert.Equal(0, nodes.Count(static n => n.State is not BreakerState.Closed));
        Assert.False(_mesh.Orders.Ledger.InPanic);
    }

    public void Dispose() => _mesh.Dispose();

    private static Task<HttpResponseMessage> Status(int status, int? retryAfter = null)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status);
        if (retryAfter is not null)
        {
            response.Headers.TryAddWithoutValidation("Retry-After", $"{retryAfter}");
        }

        return Task.FromResult(response);
    }

    private static async Task<HttpResponseMessage> Hang(MeshEndpoint endpoint, CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        throw new InvalidOperationException($"{endpoint} cannot get here");
    }

    private string[] Ejected() => [.. _mesh.Nodes.Where(static n => n.State is not BreakerState.Closed).Select(static n => n.Endpoint.Host.Split('.')[^1])];

    private async Task CallsAsync(int count)
    {
        for (int i = 0; i < count; i++)
        {
            await _mesh.GetAsync();
        }
    }

    private async Task CancelAllAsync(int count, TimeSpan after)
    {
        using var callers = new CancellationTokenSource();
        Task[] calls = [.. Enumerable.Range(0, count).Select(_ => _mesh.CallAsync("http://orders/", callers.Token))];
        await Until.HoldsAsync(() => _mesh.Nodes.Sum(static n => n.InFlight) == calls.Count(static c => !c.IsCompleted));
        _mesh.Clock.Advance(after);
        await callers.CancelAsync();
        foreach (Task call in calls)
        {
            try
            {
                await call;
            }
            catch (OperationCanceledException)
            {
                // As its caller wanted.
            }
        }
    }
}
