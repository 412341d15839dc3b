using Mesh.IntegrationTests.Consul.Servers;
using Mesh.IntegrationTests.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.IntegrationTests.Consul.Processes;

/// <summary>Instances that register themselves in a real Consul are restarted, killed and forgotten under load. Each is a process.</summary>
[Collection(typeof(OnTheWire))]
public sealed class RollingRestartTests(ITestOutputHelper output)
{
    private const int Instances = 8;
    private const string Service = "orders";

    private static readonly bool s_long = Environment.GetEnvironmentVariable("MESH_LONG") == "1";

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    /// <summary>The protocols of a server, and the version that its callers ask for. HTTP/2 in the long form only, for its time.</summary>
    public static TheoryData<string, string> Protocols => s_long ? new() { { "Http1", "" }, { "Http2", "2" } } : new() { { "Http1", "" } };

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Calls_InstancesRestartedBySigterm_DoNotFail(string protocols, string version)
    {
        int restarts = s_long ? 100 : 10;
        await using ConsulServer consul = await ConsulServer.StartAsync();
        await using ServiceFleet fleet = await ServiceFleet.StartAsync(consul, Service, Instances, protocols, Drain);
        using var mesh = new ConsulMesh(consul, mesh: builder => builder.ConfigureDefaults(all => all.Transport.HttpVersion = version));
        await mesh.CallAsync(Service);
        var calls = new MixedCalls(mesh.Client, Service);
        await using var load = new SteadyLoad(calls.CallAsync);
        long start = TimeProvider.System.GetTimestamp();
        for (int done = 0; done < restarts;)
        {
            // Three of eight at a time, as a deployment does it that is in a hurry.
            int wave = Math.Min(3, restarts - done);
            await Task.WhenAll(Enumerable.Range(done, wave).Select(i => fleet.RestartAsync(i % Instances)));
            done += wave;
        }

        await load.DisposeAsync();
        TimeSpan took = TimeProvider.System.GetElapsedTime(start);
        output.WriteLine($"{protocols}: {restarts} restarts in {took.TotalSeconds:F0} s, {load.Calls} calls, {calls.Posts} of them POST; {load.Errors.Count} failed, {calls.CutBodies} cut");
        Assert.Empty(load.Errors);
        Assert.Equal(0, calls.CutBodies);
        Assert.True(load.Calls > 300, $"{load.Calls} calls");
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Gets_InstancesKilled_DoNotFailWithoutHeaders(string protocols, string version)
    {
        int kills = s_long ? 30 : 3;
        await using ConsulServer consul = await ConsulServer.StartAsync();
        await using ServiceFleet fleet = await ServiceFleet.StartAsync(consul, Service, s_long ? Instances : 4, protocols, Drain);
        using var mesh = new ConsulMesh(consul, mesh: builder => builder.ConfigureDefaults(all => all.Transport.HttpVersion = version));
        await mesh.CallAsync(Service);
        var calls = new MixedCalls(mesh.Client, Service, withPosts: false);
        await using var load = new SteadyLoad(calls.CallAsync);
        for (int kill = 0; kill < kills; kill++)
        {
            int index = kill % 4;
            await Task.Delay(TimeSpan.FromMilliseconds(500), Ended);
            await fleet.KillAsync(index);
            await Task.Delay(TimeSpan.FromMilliseconds(500), Ended);
            await fleet.ReplaceAsync(index);
        }

        await load.DisposeAsync();
        output.WriteLine($"{protocols}: {kills} kills, {load.Calls} GETs; {load.Errors.Count} failed, {calls.CutBodies} cut after their headers");
        Assert.Empty(load.Errors);
        Assert.True(load.Calls > 300, $"{load.Calls} calls");
    }

    [Fact]
    public async Task Calls_ConsulWiped_DoNotFailAndInstancesRegisterAgainByThemselves()
    {
        await using ConsulServer consul = await ConsulServer.StartAsync();
        await using ServiceFleet fleet = await ServiceFleet.StartAsync(consul, Service, s_long ? Instances : 4, "Http1", Drain);

        // The index is far along before the data are lost.
        for (int i = 0; i < 30; i++)
        {
            await consul.PutAsync("/v1/kv/x", $"{i}");
        }

        using var mesh = new ConsulMesh(consul);
        await mesh.CallAsync(Service);
        var calls = new MixedCalls(mesh.Client, Service);
        await using var load = new SteadyLoad(calls.CallAsync);
        consul.Wipe();

        // One that starts while there is no Consul must make itself known too.
        string late = fleet.Launch();
        await Task.Delay(TimeSpan.FromSeconds(s_long ? 20 : 3), Ended);
        await consul.StartAgainAsync();
        long ready = TimeProvider.System.GetTimestamp();
        await fleet.AllAreListedAsync(butLast: 1);
        TimeSpan listed = TimeProvider.System.GetElapsedTime(ready);
        while (await mesh.CallAsync(Service) != late)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(ready) < TimeSpan.FromSeconds(30), $"{late} was not called within 30 s");
        }

        TimeSpan seen = TimeProvider.System.GetElapsedTime(ready);
        await load.DisposeAsync();
        output.WriteLine($"{load.Calls} calls, {load.Errors.Count} failed; all listed again {listed.TotalMilliseconds:F0} ms after Consul was ready, the new one called after {seen.TotalMilliseconds:F0} ms");
        Assert.Empty(load.Errors);
        Assert.Equal(0, calls.CutBodies);
        Assert.InRange(listed, TimeSpan.Zero, TimeSpan.FromSeconds(s_long ? 5 : 10));
    }

    [Fact]
    public async Task Calls_ConsulStopped_DoNotFailAndTheInstancesHoldNoMore()
    {
        await using ConsulServer consul = await ConsulServer.StartAsync();
        await using ServiceFleet fleet = await ServiceFleet.StartAsync(consul, Service, 3, "Http1", Drain);

        // What it holds is its registration's alone: nobody calls it.
        await using ServiceFleet quiet = await ServiceFleet.StartAsync(consul, "quiet", 1, "Http1", [.. Drain, "--Mesh:Consul:WaitTime", "00:00:01"]);
        using var mesh = new ConsulMesh(consul);
        await mesh.CallAsync(Service);
        var calls = new MixedCalls(mesh.Client, Service);
        await using var load = new SteadyLoad(calls.CallAsync);
        await Task.Delay(TimeSpan.FromSeconds(s_long ? 10 : 3), Ended);
        ProcessFigures held = await ProcessFigures.LeastAsync(quiet.ProcessId(0), static () => 0, Ended);

        // Longer than a query may take, so that it is given up and tried again.
        consul.Freeze();
        await Task.Delay(TimeSpan.FromSeconds(s_long ? 60 : 9), Ended);
        ProcessFigures holds = await ProcessFigures.LeastAsync(quiet.ProcessId(0), static () => 0, Ended);
        consul.Thaw();
        await fleet.AllAreListedAsync();

        await load.DisposeAsync();
        output.WriteLine($"{load.Calls} calls, {load.Errors.Count} failed; an instance that nobody calls, before: {held}; at the end of the outage: {holds}");
        Assert.Empty(load.Errors);
        Assert.Equal(0, calls.CutBodies);
        Assert.InRange(holds.Threads, 0, held.Threads + 8);
        Assert.InRange(holds.Sockets, 0, held.Sockets + 5);
        Assert.InRange(holds.Memory, 0, held.Memory + (32L * 1024 * 1024));
    }

    private static string[] Drain => ["--Mesh:Registration:DrainDelay", "00:00:01.5", "--Mesh:Registration:WarmUp", "00:00:02"];
}
