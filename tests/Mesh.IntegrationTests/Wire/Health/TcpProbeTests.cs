using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Tests.Waiting;
using Mesh.IntegrationTests.Wire.Servers;

namespace Mesh.IntegrationTests.Wire.Health;

/// <summary>TCP probes.</summary>
[Collection(typeof(OnTheWire))]
public sealed class TcpProbeTests
{
    [Fact]
    public async Task Probe_ThePortClosesAndOpens_FollowsIt()
    {
        var server = new SocketServer(static (_, _) => Task.CompletedTask);
        MeshEndpoint endpoint = server.Endpoint;
        using var service = new ProbedService(static o => o.HealthCheck.Type = HealthCheckType.Tcp, endpoint);
        _ = service.Client.GetAsync("call", TestContext.Current.CancellationToken).ContinueWith(static t => t.Exception, TaskScheduler.Default);

        await Until.HoldsAsync(() => server.Connections >= 6);
        Assert.NotEqual(BreakerState.Unhealthy, service.StateOf(endpoint));

        await server.DisposeAsync();
        await Until.HoldsAsync(() => service.StateOf(endpoint) is BreakerState.Unhealthy);
        Assert.Contains(endpoint.Authority, service.Endpoints[0].Reason, StringComparison.Ordinal);

        await using var again = new SocketServer(static (_, _) => Task.CompletedTask, endpoint.Port);
        await Until.HoldsAsync(() => service.StateOf(endpoint) is not BreakerState.Unhealthy);
    }

    [Fact]
    public async Task Probe_OfAServerThatNeverSpeaks_IsWellAndClosesItsConnections()
    {
        int open = 0;
        await using var server = new SocketServer(async (socket, end) =>
        {
            Interlocked.Increment(ref open);
            byte[] buffer = new byte[4096];
            while (await socket.ReceiveAsync(buffer, end) > 0)
            {
                // Until the other side closes.
            }

            Interlocked.Decrement(ref open);
        });
        using var service = new ProbedService(static o => o.HealthCheck.Type = HealthCheckType.Tcp, server.Endpoint);
        using var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => service.Client.GetAsync("call", impatient.Token));

        await Until.HoldsAsync(() => server.Connections >= 5);

        Assert.Equal(BreakerState.Closed, service.StateOf(server.Endpoint));
        await Until.HoldsAsync(() => Volatile.Read(ref open) <= 1);
    }
}
