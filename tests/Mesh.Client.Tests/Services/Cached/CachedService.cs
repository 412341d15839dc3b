using Mesh.Client.Discovery.Cache;
using Mesh.Client.Model;
using Mesh.Client.Testing;
using Mesh.Client.Tests.Discovery.Cache;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.Tests.Services.Cached;

/// <summary>A disk that several processes have one after another, and what it holds of the service <c>orders</c>.</summary>
internal sealed class CachedService
{
    public const string Folder = "/cache";
    public static readonly string Orders = Path.Combine(Folder, CacheFileName.Of("orders"));

    private readonly ManualTimeProvider _beginning = new();

    public CachedService() => Disk = new FakeDisk(_beginning);

    public FakeDisk Disk { get; }

    /// <summary>What is on the disk of <c>orders</c>; <see langword="null"/> for nothing.</summary>
    public CachedAnswer? OnDisk => Disk.Look(Orders) is null ? null : CacheFormat.Read(Disk.ContentOf(Orders), "orders", DateTimeOffset.MaxValue - TimeSpan.FromDays(2), out _);

    /// <summary>The last parts of the hosts on the disk.</summary>
    public string[] Hosts => [.. (OnDisk?.Set.Endpoints ?? []).Select(static e => e.Host.Split('.')[^1])];

    /// <summary>Lays down what a process before said of <c>orders</c>, so long before any process here starts.</summary>
    public void Before(TimeSpan age, params int[] hosts) => Before(age, "InMemory", hosts);

    public void Before(TimeSpan age, string source, params int[] hosts)
    {
        var set = new EndpointSet([.. hosts.Select(static h => new MeshEndpoint($"10.0.0.{h}", 80))]);
        Disk.Put(Orders, CacheFormat.Write("orders", new CachedAnswer(source, set, _beginning.GetUtcNow() - age)));
    }

    /// <summary>A process, which begins at the same time of the manual clock as any other.</summary>
    public WatchedMesh Start(params (string Key, string? Value)[] settings) => Start(static _ => { }, settings);

    public WatchedMesh Start(Action<IMeshBuilder> configure, params (string Key, string? Value)[] settings) => new(
        mesh =>
        {
            mesh.Services.AddSingleton<ICacheDisk>(Disk);
            configure(mesh);
        },
        [("Discovery:CacheDirectory", Folder), .. settings]);

    /// <summary>Moves the clock of a mesh in the small steps of the cache until something holds.</summary>
    public static Task AdvanceAsync(WatchedMesh mesh, Func<bool> until, TimeSpan? atMost = null) =>
        mesh.Clock.AdvanceUntilAsync(until, TimeSpan.FromMilliseconds(100), atMost ?? TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);

    /// <summary>Waits until the watch of <c>orders</c> has taken a source's word.</summary>
    public static Task TakenAsync(WatchedMesh mesh, string source) => AdvanceAsync(mesh, () => mesh.Orders.Snapshot?.Source == source);
}
