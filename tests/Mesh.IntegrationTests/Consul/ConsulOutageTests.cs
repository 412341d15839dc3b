using Mesh.Client;
using Mesh.IntegrationTests.Cache;
using Mesh.IntegrationTests.Consul.Processes;
using Mesh.IntegrationTests.Consul.Servers;
using Mesh.IntegrationTests.Wire;
using Mesh.IntegrationTests.Wire.Servers;

namespace Mesh.IntegrationTests.Consul;

/// <summary>Calls go on while a real Consul is killed, stopped, wiped or lies.</summary>
[Collection(typeof(OnTheWire))]
public sealed class ConsulOutageTests(ITestOutputHelper output)
{
    private const int Instances = 8;

    // Room for what the load itself does to this process: a burst of calls makes threads, and connections that one side has closed and the other not yet.
    private const int MoreThreads = 8;
    private const int MoreSockets = 15;
    private const long MoreMemory = 4L * 1024 * 1024;

    private static readonly bool s_long = Environment.GetEnvironmentVariable("MESH_LONG") == "1";
    private static readonly TimeSpan s_outage = TimeSpan.FromSeconds(s_long ? 60 : 2);

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_ConsulKilledTwice_DoNotFailAndTheWatchesComeBack()
    {
        await using ConsulServer consul = await ConsulServer.StartAsync();
        await using var fleet = await InstanceFleet.StartAsync(consul, "orders", Instances);
        using var mesh = new ConsulMesh(consul);
        await mesh.CallAsync("orders");
        int before = await WatchesAsync(consul);
        await using var load = new SteadyLoad(mesh, "orders");
        for (int i = 0; i < 2; i++)
        {
            consul.Kill();
            await Task.Delay(s_outage, Ended);
            await consul.StartAgainAsync();
            await SeesANewInstanceAsync(consul, fleet, mesh, $"late{i}");
        }

        int after = await WatchesAsync(consul);
        await load.DisposeAsync();
        output.WriteLine($"{load.Calls} calls, {load.Errors.Count} failed; {before} connections before, {after} after");
        Assert.Empty(load.Errors);
        Assert.True(load.Calls > 100, $"{load.Calls} calls");
        Assert.Equal(before, after);
    }

    [Fact]
    public async Task Calls_ConsulStopped_DoNotFailAndNothingGrows()
    {
        await using ConsulServer consul = await ConsulServer.StartAsync();
        await using var fleet = await InstanceFleet.StartAsync(consul, "orders", Instances);
        using var mesh = new ConsulMesh(consul, static options => options.WaitTime = TimeSpan.FromSeconds(1));
        await mesh.CallAsync("orders");
        await using var load = new SteadyLoad(mesh, "orders");
        await Task.Delay(TimeSpan.FromSeconds(1), Ended);
        int before = await WatchesAsync(consul);
        ProcessFigures held = await ProcessFigures.LeastAsync(Environment.ProcessId, () => 2 * fleet.Connections, Ended);

        // Longer than a query may take, so that it is given up and tried again.
        consul.Freeze();
        await Task.Delay(s_outage + TimeSpan.FromSeconds(7), Ended);
        ProcessFigures holds = await ProcessFigures.LeastAsync(Environment.ProcessId, () => 2 * fleet.Connections, Ended);
        int during = consul.Connections();
        consul.Thaw();
        await SeesANewInstanceAsync(consul, fleet, mesh, "late");

        await load.DisposeAsync();
        output.WriteLine($"{load.Calls} calls, {load.Errors.Count} failed; {before} connections before, {during} during; before: {held}; at the end of the outage: {holds}");
        Assert.Empty(load.Errors);
        Assert.InRange(during, 0, before + 3);
        Assert.InRange(holds.Threads, 0, held.Threads + MoreThreads);
        Assert.InRange(holds.Sockets, 0, held.Sockets + MoreSockets);
        Assert.InRange(holds.Memory, 0, held.Memory + MoreMemory);
    }

    [Fact]
    public async Task Calls_ConsulWiped_DoNotFailAndTheChangeIsSeen()
    {
        await using ConsulServer consul = await ConsulServer.StartAsync();
        await using var fleet = await InstanceFleet.StartAsync(consul, "orders", Instances);

        // The index is far along before the data are lost.
        for (int i = 0; i < 30; i++)
        {
            await consul.PutAsync("/v1/kv/x", $"{i}");
        }

        using var mesh = new ConsulMesh(consul);
        await mesh.CallAsync("orders");
        await using var load = new SteadyLoad(mesh, "orders");
        consul.Wipe();
        await consul.StartAgainAsync();
        long ready = TimeProvider.System.GetTimestamp();
        await fleet.RegisterAsync();
        await SeesANewInstanceAsync(consul, fleet, mesh, "late");
        TimeSpan took = TimeProvider.System.GetElapsedTime(ready);

        await load.DisposeAsync();
        output.WriteLine($"{load.Calls} calls, {load.Errors.Count} failed; a change seen {took.TotalMilliseconds:F0} ms after Consul was ready");
        Assert.Empty(load.Errors);
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(s_long ? 5 : 10));
    }

    [Fact]
    public async Task Calls_RegistryGoesEmpty_DoNotFail()
    {
        await using ConsulServer consul = await ConsulServer.StartAsync();
        await using var fleet = await InstanceFleet.StartAsync(consul, "orders", Instances);
        using var mesh = new ConsulMesh(consul);
        await mesh.CallAsync("orders");
        await using var load = new SteadyLoad(mesh, "orders");
        await fleet.DeregisterAsync();
        await Task.Delay(s_long ? TimeSpan.FromSeconds(20) : TimeSpan.FromSeconds(2), Ended);
        await fleet.RegisterAsync();
        await SeesANewInstanceAsync(consul, fleet, mesh, "late");

        await load.DisposeAsync();
        output.WriteLine($"{load.Calls} calls, {load.Errors.Count} failed");
        Assert.Empty(load.Errors);
    }

    [Fact]
    public async Task FirstCall_ConsulIsDownAtTheStart_IsServedFromTheCache()
    {
        await using ConsulServer consul = await ConsulServer.StartAsync();
        await using var fleet = await InstanceFleet.StartAsync(consul, "orders", 1);
        using var folder = new TempFolder();
        using (var mesh = new ConsulMesh(consul, cache: folder.Path))
        {
            await mesh.CallAsync("orders");
            await Mesh.Client.Tests.Waiting.Until.HoldsAsync(() => Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories).Any());
        }

        consul.Kill();
        long start = TimeProvider.System.GetTimestamp();
        using var after = new ConsulMesh(consul, cache: folder.Path);
        await after.CallAsync("orders");
        TimeSpan took = TimeProvider.System.GetElapsedTime(start);

        output.WriteLine($"first call after {took.TotalMilliseconds:F0} ms");
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromMilliseconds(500));
        await consul.StartAgainAsync();
        await SeesANewInstanceAsync(consul, fleet, after, "late");
    }

    [Fact]
    public async Task FirstCall_ConsulIsDownAndNothingIsCached_SaysSo()
    {
        await using ConsulServer consul = await ConsulServer.StartAsync();
        consul.Kill();
        using var mesh = new ConsulMesh(consul);

        long start = TimeProvider.System.GetTimestamp();
        MeshException error = await Assert.ThrowsAsync<MeshException>(() => mesh.CallAsync("orders"));

        Assert.Contains("Consul: failed", error.Message, StringComparison.Ordinal);
        Assert.Contains(consul.Address, error.Message, StringComparison.Ordinal);
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(6));
    }

    private static async Task SeesANewInstanceAsync(ConsulServer consul, InstanceFleet fleet, ConsulMesh mesh, string reply)
    {
        RealServer server = await fleet.AddAsync(reply);
        await consul.RegisterAsync("orders", reply, server.Endpoint.Port);
        long start = TimeProvider.System.GetTimestamp();
        while (await mesh.CallAsync("orders") != reply)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(15), "a new instance was not seen within 15 s");
        }
    }

    // Queries in flight hold a connection each; the test's own are idle and few.
    private static async Task<int> WatchesAsync(ConsulServer consul)
    {
        await Task.Delay(TimeSpan.FromSeconds(1.5), Ended);
        return consul.Connections();
    }
}
