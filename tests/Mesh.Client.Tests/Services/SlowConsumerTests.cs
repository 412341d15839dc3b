using System.Net;
using Mesh.Client.Balancing;
using Mesh.Client.Nodes;
using Mesh.Client.Services;
using Mesh.Client.Tests.Waiting;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.Tests.Services;

/// <summary>A balancer that blocks while it makes its pickers holds up its own services and no other. Real threads, many of them blocked.</summary>
public sealed class SlowConsumerTests : IDisposable
{
    private const int Blocked = 60;

    private readonly ManualResetEventSlim _free = new();
    private readonly BlockingBalancer _slow;
    private readonly WatchedMesh _mesh;

    public SlowConsumerTests()
    {
        _slow = new BlockingBalancer(_free);
        _mesh = new WatchedMesh(
            mesh => mesh.AddLoadBalancer(_slow),
            [.. Enumerable.Range(0, Blocked).Select(static i => ($"Services:slow-{i}:LoadBalancing:Policy", (string?)"Blocking"))]);
    }

    [Fact]
    public async Task Updates_WhileManyServicesBlock_ReachTheOthersAtOnce()
    {
        MeshService[] slow = Block();
        await Until.HoldsAsync(() => _slow.Waiting == Blocked);
        long begin = TimeProvider.System.GetTimestamp();

        for (int i = 1; i <= 20; i++)
        {
            await _mesh.RegisterAsync(i, i + 1);
            Assert.Equal(HttpStatusCode.OK, await _mesh.GetAsync());
        }

        // The pool adds a thread or two a second: with so many blocked ones this would have taken half a minute.
        Assert.InRange(TimeProvider.System.GetElapsedTime(begin).TotalSeconds, 0, 10);
        Assert.All(slow, static s => Assert.Null(s.Snapshot));
    }

    [Fact]
    public async Task Updates_ToAServiceThatBlocks_DoNotQueueUp()
    {
        MeshService[] slow = Block();
        await Until.HoldsAsync(() => _slow.Waiting == Blocked);
        for (int i = 1; i <= 200; i++)
        {
            _mesh.Registry.Set("slow-0", $"10.0.1.{i}:80");
        }

        await _mesh.Clock.SettleAsync();
        int before = _slow.Made;
        _free.Set();

        await Until.HoldsAsync(() => slow[0].Snapshot?.Nodes is [{ Endpoint.Host: "10.0.1.200" }]);
        await Until.HoldsAsync(() => slow.All(static s => s.Snapshot is not null));
        Assert.InRange(_slow.Made - before, 0, Blocked + 3);
    }

    public void Dispose()
    {
        _free.Set();
        _mesh.Dispose();
    }

    private MeshService[] Block()
    {
        for (int i = 0; i < Blocked; i++)
        {
            _mesh.Registry.Set($"slow-{i}", "10.0.1.1:80");
        }

        return [.. Enumerable.Range(0, Blocked).Select(i => _mesh.Service($"http://slow-{i}/"))];
    }

    private sealed class BlockingBalancer(ManualResetEventSlim free) : LoadBalancer
    {
        private int _waiting;
        private int _made;

        public int Waiting => Volatile.Read(ref _waiting);

        public int Made => Volatile.Read(ref _made);

        public override string Name => "Blocking";

        public override EndpointPicker CreatePicker(System.Collections.Immutable.ImmutableArray<EndpointNode> nodes)
        {
            Interlocked.Increment(ref _waiting);
            free.Wait(TestContext.Current.CancellationToken);
            Interlocked.Increment(ref _made);
            return new First(nodes);
        }
    }

    private sealed class First(System.Collections.Immutable.ImmutableArray<EndpointNode> nodes) : EndpointPicker
    {
        public override EndpointNode? Pick(in PickContext context) => nodes[0];
    }
}
