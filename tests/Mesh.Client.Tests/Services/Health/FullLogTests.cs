using System.Net;
using Mesh.Client.Health;
using Mesh.Client.Nodes;
using Mesh.Client.Options;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mesh.Client.Tests.Services.Health;

/// <summary>A log that throws must not end what looks after the endpoints, nor the process.</summary>
public sealed class FullLogTests : IDisposable
{
    private static readonly string[] Five = [.. Enumerable.Range(1, 5).Select(static i => $"10.0.0.{i}:80")];

    private readonly ThrowingLog _log = new();
    private ScriptedMesh? _mesh;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Probes_TheLogIsFullWhenAnEndpointFails_GoOnAndFindItWellAgain()
    {
        ScriptedMesh mesh = Mesh(static o => (o.HealthCheck.Path, o.HealthCheck.UnhealthyAfter, o.HealthCheck.HealthyAfter) = ("/healthz", 1, 1));
        HttpStatusCode answer = HttpStatusCode.OK;
        mesh[1].Reply(_ => new HttpResponseMessage(answer)).Always();
        (await mesh.Client.GetAsync("http://orders/x", Token)).Dispose();
        EndpointNode node = mesh.Node(Five[0]);

        _log.IsFull = true;
        answer = HttpStatusCode.InternalServerError;
        await UntilAsync(mesh, () => node.State is BreakerState.Unhealthy);
        _log.IsFull = false;
        answer = HttpStatusCode.OK;

        await UntilAsync(mesh, () => node.State is BreakerState.Closed);
    }

    [Fact]
    public async Task Compare_TheLogIsFull_EjectsAndThrowsNothing()
    {
        ScriptedMesh mesh = Mesh(static o =>
        {
            (o.LoadBalancing.Policy, o.Retry.MaxAttempts, o.CircuitBreaker.MinimumThroughput) = ("RoundRobin", 1, 1000);
            o.CircuitBreaker.SuccessRateRequestVolume = 10;
        });
        mesh[1].Reply(HttpStatusCode.InternalServerError).Always();
        (await mesh.Client.GetAsync("http://orders/x", Token)).Dispose();
        mesh.Clock.Advance(TimeSpan.FromSeconds(5));
        for (int i = 0; i < 100; i++)
        {
            (await mesh.Client.GetAsync("http://orders/x", Token)).Dispose();
        }

        _log.IsFull = true;
        mesh.Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(BreakReason.SuccessRate, mesh.Node(Five[0]).Breaker.Reason);
    }

    public void Dispose()
    {
        _log.IsFull = false;
        _mesh?.Dispose();
    }

    private ScriptedMesh Mesh(Action<ServiceOptions> orders) =>
        _mesh = new ScriptedMesh(orders, Five, services: services => services.AddLogging(log => log.AddProvider(_log)));

    private static Task UntilAsync(ScriptedMesh mesh, Func<bool> condition) =>
        mesh.Clock.AdvanceUntilAsync(condition, TimeSpan.FromMilliseconds(500), TimeSpan.FromMinutes(5), Token);
}
