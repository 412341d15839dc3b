using Mesh.Client.Consul;
using Mesh.Client.Consul.Discovery;
using Mesh.Client.Model;
using Mesh.Client.Registration;
using Mesh.IntegrationTests.Consul.Servers;
using Mesh.IntegrationTests.Wire;
using Mesh.IntegrationTests.Wire.Servers;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Mesh.IntegrationTests.Consul.Registration;

/// <summary>A real Consul takes what is registered, and checks it.</summary>
[Collection(typeof(OnTheWire))]
public sealed class RegisteredInstanceTests(ITestOutputHelper output)
{
    private static readonly bool s_long = Environment.GetEnvironmentVariable("MESH_LONG") == "1";

    [Fact]
    public async Task Register_WithAChecksOfEachType_IsReallyCheckedAndTurnsCriticalWithItsListener()
    {
        await using ConsulServer consul = await ConsulServer.StartAsync();
        await using var process = new RegisteringProcess(consul);
        await using RealServer http = await RealServer.StartAsync(static context =>
        {
            context.Response.StatusCode = context.Request.Path == "/healthz" ? 200 : 404;
            return Task.CompletedTask;
        });
        await using RealServer grpc = await RealServer.StartAsync(HealthService.ServeAsync, HttpProtocols.Http2);
        (string Id, RealServer Server, InstanceCheck Check)[] all =
        [
            ("http", http, new InstanceCheck(InstanceCheckType.Http) { Path = "/healthz" }),
            ("tcp", http, new InstanceCheck(InstanceCheckType.Tcp)),
            ("grpc", grpc, new InstanceCheck(InstanceCheckType.Grpc) { Path = "orders" }),
        ];
        foreach ((string id, RealServer server, InstanceCheck check) in all)
        {
            await process.RegisterAsync(new ServiceInstance(id, id, "127.0.0.1", server.Port) { Checks = [check with { Interval = TimeSpan.FromSeconds(1), DeregisterAfter = TimeSpan.FromMinutes(1) }] });
            Assert.Equal([id], await consul.PassingAsync(id));
        }

        foreach ((string id, _, _) in all)
        {
            await RegistryView.UntilAsync(async () => await consul.ChecksAsync(id) is [("passing", { Length: > 0 })], $"the {id} check runs and passes");
            output.WriteLine($"{id}: {(await consul.ChecksAsync(id))[0]}");
        }

        await http.KillAsync();
        await grpc.KillAsync();
        foreach ((string id, _, _) in all)
        {
            await RegistryView.UntilAsync(async () => (await consul.PassingAsync(id)).Length == 0, $"the {id} check is critical");
            output.WriteLine($"{id}: {(await consul.ChecksAsync(id))[0]}");
        }

        // Consul takes at least a minute, and looks every half.
        if (s_long)
        {
            await process.DisposeAsync();
            await Task.Delay(TimeSpan.FromSeconds(100), TestContext.Current.CancellationToken);
            Assert.Equal("{}", await consul.GetAsync("/v1/agent/services"));
        }
    }

    [Fact]
    public async Task Register_ProcessIsGone_TtlExpiresAndTheNextProcessTakesTheIdOver()
    {
        await using ConsulServer consul = await ConsulServer.StartAsync();
        var first = new RegisteringProcess(consul);
        await using var second = new RegisteringProcess(consul);
        var instance = new ServiceInstance("o1", "orders", "127.0.0.1", 5001) { Checks = [new InstanceCheck(InstanceCheckType.Ttl) { Interval = TimeSpan.FromSeconds(1) }] };
        await first.RegisterAsync(instance);
        await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
        Assert.Equal(["o1"], await consul.PassingAsync("orders"));

        InstanceConflictException conflict = await Assert.ThrowsAsync<InstanceConflictException>(() => second.RegisterAsync(instance with { Port = 5002 }));
        output.WriteLine(conflict.Message);
        Assert.Contains("127.0.0.1:5001", conflict.Message, StringComparison.Ordinal);
        Assert.Contains("5001", await consul.GetAsync("/v1/agent/service/o1"), StringComparison.Ordinal);

        await first.DisposeAsync();
        TimeSpan expired = await RegistryView.UntilAsync(async () => (await consul.PassingAsync("orders")).Length == 0, "the TTL expires");
        await second.RegisterAsync(instance with { Port = 5002 });
        Assert.Equal(["o1"], await consul.PassingAsync("orders"));
        Assert.Contains("5002", await consul.GetAsync("/v1/agent/service/o1"), StringComparison.Ordinal);
        Assert.Single(await consul.ChecksAsync("o1"));
        output.WriteLine($"expired {expired.TotalMilliseconds:F0} ms after the process was gone");
    }

    [Fact]
    public async Task Register_WithEverything_IsReadAsItWasSaid()
    {
        await using ConsulServer consul = await ConsulServer.StartAsync();
        await using var process = new RegisteringProcess(consul);
        LabelSet labels = LabelSet.Create([KeyValuePair.Create("version", "v2"), KeyValuePair.Create("team", "rot & grün")]);
        await process.RegisterAsync(new ServiceInstance("warm", "orders", "10.0.0.1", 8080) { Scheme = "https", Weight = 10, Warmth = 0.25, Locality = new Locality("eu", "eu-1"), Labels = labels });
        await process.RegisterAsync(new ServiceInstance("six", "orders", "fd00::1", 8080) { Weight = 4 });
        await process.RegisterAsync(new ServiceInstance("drained", "orders", "10.0.0.3", 8080) { Weight = 0 });
        await process.RegisterAsync(new ServiceInstance("a/b:c", "orders", "ten.internal", 8080));

        Instances read = await ReadAsync(consul);

        Assert.Equal([("a/b:c", "ten.internal", 100), ("drained", "10.0.0.3", 0), ("six", "fd00::1", 400), ("warm", "10.0.0.1", 250)], read.Endpoints.Select(static e => (e.Id!, e.Host, e.Weight)));
        MeshEndpoint warm = read.Endpoints[3];
        Assert.Equal(("https", new Locality("eu", "eu-1")), (warm.Scheme, warm.Locality));
        Assert.Equal(["region", "scheme", "team", "version", "zone"], warm.Labels.Keys);
        Assert.Equal("rot & grün", warm.Labels["team"]);

        await process.RegisterAsync(new ServiceInstance("warm", "orders", "10.0.0.1", 8080) { Scheme = "https", Weight = 10, Locality = new Locality("eu", "eu-1"), Labels = labels });
        MeshEndpoint after = (await ReadAsync(consul)).Endpoints[3];
        Assert.Equal(warm with { Weight = 10 }, after);

        foreach (string id in (string[])["warm", "six", "drained", "a/b:c"])
        {
            await process.DeregisterAsync(id);
        }

        Assert.Equal("{}", await consul.GetAsync("/v1/agent/services"));
    }

    // A warm-up must neither bring back what a check found ill nor end what an operator ordered.
    [Fact]
    public async Task Register_AgainWhileIllOrInMaintenance_StaysSo()
    {
        await using ConsulServer consul = await ConsulServer.StartAsync();
        await using var process = new RegisteringProcess(consul);
        var instance = new ServiceInstance("o1", "orders", "127.0.0.1", 1) { Weight = 10, Warmth = 0.1, Checks = [new InstanceCheck(InstanceCheckType.Tcp) { Interval = TimeSpan.FromSeconds(1) }] };
        await process.RegisterAsync(instance);
        await RegistryView.UntilAsync(async () => (await consul.PassingAsync("orders")).Length == 0, "nothing listens on port 1");
        await consul.PutAsync("/v1/agent/service/maintenance/o1?enable=true");
        await process.RegisterAsync(instance with { Warmth = 0.5 });

        Assert.Equal(["critical", "critical"], (await consul.ChecksAsync("o1")).Select(static c => c.Status));
    }

    private static async Task<Instances> ReadAsync(ConsulServer consul) =>
        InstanceReader.Read(System.Text.Encoding.UTF8.GetBytes(await consul.GetAsync("/v1/health/service/orders")), new ConsulPolicy());
}
