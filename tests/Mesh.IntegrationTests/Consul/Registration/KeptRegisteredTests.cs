using Mesh.Client.Consul;
using Mesh.Client.Consul.Api;
using Mesh.Client.Consul.Discovery;
using Mesh.Client.Model;
using Mesh.Client.Registration;
using Mesh.IntegrationTests.Consul.Servers;
using Mesh.IntegrationTests.Wire;
using Mesh.IntegrationTests.Wire.Servers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mesh.IntegrationTests.Consul.Registration;

/// <summary>What a real agent loses is registered again by itself.</summary>
[Collection(typeof(OnTheWire))]
public sealed class KeptRegisteredTests(ITestOutputHelper output)
{
    private const int Instances = 8;

    private static readonly bool s_long = Environment.GetEnvironmentVariable("MESH_LONG") == "1";
    private static readonly TimeSpan s_outage = TimeSpan.FromSeconds(s_long ? 60 : 2);

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Watch_ConsulStartsAgain_AllAreSeenAgain(bool isWiped)
    {
        await using ConsulServer consul = await ConsulServer.StartAsync();
        await using var process = new RegisteringProcess(consul);
        List<RealServer> servers = [];
        for (int i = 0; i < Instances; i++)
        {
            servers.Add(await RealServer.StartAsync(static context => context.Response.WriteAsync("well")));
            ServiceInstance instance = new($"o{i}", "orders", "127.0.0.1", servers[i].Port) { Checks = [new InstanceCheck(InstanceCheckType.Http), new InstanceCheck(InstanceCheckType.Ttl)] };
            await process.RegisterAsync(instance);

            // As in a warm-up: the agent stores what the checks said in between.
            await process.RegisterAsync(instance with { Weight = 2 });
        }

        using var follower = new SeenInstances(consul.Address);
        await RegistryView.UntilAsync(() => Task.FromResult(follower.Seen == Instances), "all are seen");
        if (isWiped)
        {
            consul.Wipe();
        }
        else
        {
            consul.Kill();
        }

        await Task.Delay(s_outage, Ended);
        Assert.Equal(0, follower.Seen);
        await consul.StartAgainAsync();
        long ready = TimeProvider.System.GetTimestamp();

        // An agent that starts takes every check for critical until it runs, up to 10 s later.
        await RegistryView.UntilAsync(() => Task.FromResult(follower.Seen == Instances), "all are seen again");
        TimeSpan seen = TimeProvider.System.GetElapsedTime(ready);

        output.WriteLine($"{Instances} instances seen by another mesh {seen.TotalMilliseconds:F0} ms after Consul was ready, {(isWiped ? "wiped" : "its data kept")}, {s_outage.TotalSeconds} s away");
        servers.ForEach(static s => _ = s.KillAsync());
        Assert.InRange(seen, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Watch_TakenOutBySomebody_IsBackAtOnce()
    {
        await using ConsulServer consul = await ConsulServer.StartAsync();
        await using var process = new RegisteringProcess(consul);
        await process.RegisterAsync(new ServiceInstance("o1", "orders", "127.0.0.1", 5001));
        await Task.Delay(TimeSpan.FromSeconds(1), Ended);
        await consul.DeregisterAsync("o1");
        TimeSpan took = await RegistryView.UntilAsync(async () => (await consul.PassingAsync("orders")).Length == 1, "it is back");

        output.WriteLine($"back after {took.TotalMilliseconds:F0} ms");
        await process.DeregisterAsync("o1");
        await Task.Delay(TimeSpan.FromSeconds(2), Ended);
        Assert.Equal("{}", await consul.GetAsync("/v1/agent/services"));
    }

    [Fact]
    public async Task Watch_AnotherRegistersOverIt_IsTakenAgainOnceItIsGone()
    {
        await using ConsulServer consul = await ConsulServer.StartAsync();
        await using var process = new RegisteringProcess(consul);
        await process.RegisterAsync(new ServiceInstance("o1", "orders", "127.0.0.1", 5001));
        await consul.RegisterAsync("orders", "o1", 5002);
        await Task.Delay(TimeSpan.FromSeconds(3), Ended);
        Assert.Contains("5002", await consul.GetAsync("/v1/agent/service/o1"), StringComparison.Ordinal);
        await consul.DeregisterAsync("o1");

        await RegistryView.UntilAsync(async () => (await consul.GetAsync("/v1/agent/service/o1")).Contains("5001", StringComparison.Ordinal), "it is taken again");
    }

    /// <summary>What the mesh of another process sees of <c>orders</c>.</summary>
    private sealed class SeenInstances : IDisposable
    {
        private readonly CancellationTokenSource _end = new();
        private readonly ConsulClient _client;
        private volatile int _seen;

        public SeenInstances(string address)
        {
            var policy = new ConsulPolicy { Address = new Uri(address) };
            _client = new ConsulClient(ConsulConnections.Create, () => policy, TimeProvider.System);
            _ = FollowAsync(new ConsulEndpointSource(new ConsulDiscovery(_client, TimeProvider.System, Random.Shared, NullLogger.Instance)));
        }

        /// <summary>The endpoints that were said last; none while the source fails.</summary>
        public int Seen => _seen;

        public void Dispose()
        {
            _end.Cancel();
            _client.Dispose();
            _end.Dispose();
        }

        private async Task FollowAsync(ConsulEndpointSource source)
        {
            try
            {
                await foreach (EndpointUpdate update in source.WatchAsync("orders", _end.Token))
                {
                    _seen = (update as EndpointsFound)?.Set.Endpoints.Length ?? 0;
                }
            }
            catch (OperationCanceledException)
            {
                // The test is over.
            }
        }
    }
}
