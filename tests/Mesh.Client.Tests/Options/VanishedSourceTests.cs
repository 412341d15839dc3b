using Mesh.Client.Model;
using Mesh.Client.Options;

namespace Mesh.Client.Tests.Options;

/// <summary>A reload in which a whole source vanished is held: half-written and deleted files look like that.</summary>
public sealed class VanishedSourceTests : IDisposable
{
    private readonly MutableSource _low = ConfigurationFixture.Source(("Defaults:Timeout", "00:00:04"), ("Services:orders:Timeout", "00:00:01"));
    private readonly MutableSource _high = ConfigurationFixture.Source(("Services:orders:Timeout", "00:00:02"));
    private readonly ConfigurationFixture _fixture;

    public VanishedSourceTests()
    {
        _fixture = new ConfigurationFixture(_low, _high);
    }

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Reload_SourceEmptyForLessThanTheGrace_ChangesNothing()
    {
        MeshConfiguration configuration = _fixture.Start();
        MeshPolicy before = configuration.Current;

        _high.Replace();
        _fixture.Settle();
        _fixture.Clock.Advance(TimeSpan.FromSeconds(29));
        _high.Replace(ConfigurationFixture.InMesh(("Services:orders:Timeout", "00:00:02")));
        _fixture.Settle();
        _fixture.Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Same(before, configuration.Current);
        Assert.Contains("00:00:30", Assert.Single(_fixture.Logger.Of(1002)), StringComparison.Ordinal);
    }

    [Fact]
    public void Reload_SourceEmptyForTheGrace_IsApplied()
    {
        MeshConfiguration configuration = _fixture.Start();

        _high.Replace();
        _fixture.Settle();
        _fixture.Clock.Advance(TimeSpan.FromSeconds(30) - TimeSpan.FromTicks(1));
        Assert.Equal(TimeSpan.FromSeconds(2), configuration.Current.For("orders").Timeout);

        _fixture.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(TimeSpan.FromSeconds(1), configuration.Current.For("orders").Timeout);

        // From now on the empty source is the state to compare with.
        _low.Replace(ConfigurationFixture.InMesh(("Services:orders:Timeout", "00:00:03")));
        _fixture.Settle();
        Assert.Equal(TimeSpan.FromSeconds(3), configuration.Current.For("orders").Timeout);
    }

    [Fact]
    public void Reload_OtherSourceChangesMeanwhile_WaitsForTheSameGrace()
    {
        MeshConfiguration configuration = _fixture.Start();

        _high.Replace();
        _fixture.Settle();
        _fixture.Clock.Advance(TimeSpan.FromSeconds(20));
        _low.Replace(ConfigurationFixture.InMesh(("Services:orders:Timeout", "00:00:09")));
        _fixture.Settle();
        Assert.Equal(TimeSpan.FromSeconds(2), configuration.Current.For("orders").Timeout);

        _fixture.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(TimeSpan.FromSeconds(9), configuration.Current.For("orders").Timeout);
        Assert.Single(_fixture.Logger.Of(1002));
    }

    [Fact]
    public void Reload_SourceComesBackWithAMistake_KeepsThePolicyForGood()
    {
        MeshConfiguration configuration = _fixture.Start();
        MeshPolicy before = configuration.Current;

        _high.Replace();
        _fixture.Settle();
        _high.Replace(ConfigurationFixture.InMesh(("Services:orders:Timeout", "2")));
        _fixture.Settle();
        _fixture.Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Same(before, configuration.Current);
        Assert.Single(_fixture.Logger.Of(1001));
    }

    [Fact]
    public void Reload_GraceOfZero_AppliesAtOnce()
    {
        _fixture.Setup.ConfigureDiscovery.Add(static o => o.EmptyGrace = TimeSpan.Zero);
        MeshConfiguration configuration = _fixture.Start();

        _high.Replace();
        _fixture.Settle();

        Assert.Equal(TimeSpan.FromSeconds(1), configuration.Current.For("orders").Timeout);
        Assert.Empty(_fixture.Logger.Of(1002));
    }

    [Fact]
    public void Reload_OneLayerEmpty_IsHeld()
    {
        MeshConfiguration configuration = _fixture.Start(null);

        _low.Replace();
        _fixture.Settle();
        Assert.Equal(TimeSpan.FromSeconds(30), configuration.Current.Defaults.Timeout);
        _high.Replace();
        _fixture.Settle();
        Assert.Equal(TimeSpan.FromSeconds(2), configuration.Current.For("orders").Timeout);

        _fixture.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Empty(configuration.Current.Services);
    }

    [Fact]
    public void Reload_AspireSectionVanished_IsHeld()
    {
        _low.Replace(("services:orders:http:0", "http://a:1"));
        MeshConfiguration configuration = _fixture.Start();

        _low.Replace();
        _fixture.Settle();
        Assert.Single(configuration.Current.For("orders").Endpoints);

        _fixture.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Empty(configuration.Current.For("orders").Endpoints);
    }

    [Fact]
    public void Start_SourceWithoutMeshKeys_IsNotMissed()
    {
        _high.Replace(("Logging:Level", "x"));
        MeshConfiguration configuration = _fixture.Start();

        _high.Write();
        _low.Replace(ConfigurationFixture.InMesh(("Services:orders:Timeout", "00:00:05")));
        _fixture.Settle();

        Assert.Equal(TimeSpan.FromSeconds(5), configuration.Current.For("orders").Timeout);
    }
}
