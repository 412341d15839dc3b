using System.Collections.Immutable;
using Mesh.Client.Discovery.Cache;
using Mesh.Client.Model;
using Mesh.Client.Testing;

namespace Mesh.Client.Tests.Discovery.Cache;

/// <summary>A cache over a fake disk, on a manual clock.</summary>
internal sealed class CacheFixture
{
    public const string Folder = "/cache/shop";

    public CacheFixture(int maxFiles = CacheStore.MaxFiles)
    {
        Disk = new FakeDisk(Clock);
        Store = new CacheStore(Disk, Clock, new SeededRandom(1), Log, maxFiles);
        Cache = new EndpointCache(Store, () => Place, Clock, Log);
    }

    public ManualTimeProvider Clock { get; } = new();

    public RecordingLog Log { get; } = new();

    public FakeDisk Disk { get; }

    public CacheStore Store { get; }

    public EndpointCache Cache { get; }

    /// <summary>The folder as the configuration has it.</summary>
    public string Place { get; set; } = Folder;

    public static string PathOf(string service) => Path.Combine(Folder, CacheFileName.Of(service));

    /// <summary>An answer of Consul with so many endpoints, as of now.</summary>
    public CachedAnswer Answer(int endpoints = 1) => new("Consul", Set(endpoints), Clock.GetUtcNow());

    public static EndpointSet Set(int endpoints) => new([.. Enumerable.Range(1, endpoints).Select(static i => new MeshEndpoint($"10.0.{i / 250}.{i % 250}", 80))]);

    public static void AssertSame(ImmutableArray<MeshEndpoint> expected, ImmutableArray<MeshEndpoint>? actual) => Assert.Equal(expected.AsEnumerable(), actual!.Value.AsEnumerable());
}
