using Mesh.Client.Model;
using Mesh.Client.Options;
using Microsoft.Extensions.Logging;

namespace Mesh.Client.Tests.Options;

public sealed class ReloadTests : IDisposable
{
    private readonly MutableSource _source = ConfigurationFixture.Source(("Services:orders:Timeout", "00:00:01"), ("Services:stock:Timeout", "00:00:02"));
    private readonly ConfigurationFixture _fixture;

    public ReloadTests()
    {
        _fixture = new ConfigurationFixture(_source);
    }

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Reload_GoodChange_SwapsAndTellsTheListeners()
    {
        MeshConfiguration configuration = _fixture.Start();
        List<MeshPolicy> told = [];
        using IDisposable subscription = configuration.OnChange(told.Add);

        Write(("Services:orders:Timeout", "00:00:09"), ("Services:stock:Timeout", "00:00:02"));

        Assert.Equal(TimeSpan.FromSeconds(9), configuration.Current.For("orders").Timeout);
        Assert.Same(configuration.Current, Assert.Single(told));
        Assert.Contains("1 of 2 services", Assert.Single(_fixture.Logger.Of(1000)), StringComparison.Ordinal);
    }

    [Fact]
    public void Reload_OneServiceChanged_KeepsTheOthersAndTheUnchangedParts()
    {
        _fixture.Setup.ConfigureDefaults.Add(static o =>
        {
            TimeSpan timeout = o.Timeout;
            o.Transport.ConfigureHandler = (_, handler) => handler.ConnectTimeout = timeout;
        });
        Write(
            ("Defaults:Endpoints:0:Address", "a:1"),
            ("Services:orders:Retry:On:0", "500"),
            ("Services:stock:Retry:On:0", "500"),
            ("Services:stock:Endpoints:0:Address", "b:1"),
            ("Services:stock:Endpoints:0:Labels:x", "y"));
        MeshConfiguration configuration = _fixture.Start();
        MeshPolicy before = configuration.Current;

        Write(
            ("Defaults:Endpoints:0:Address", "a:1"),
            ("Services:orders:Retry:On:0", "500"),
            ("Services:orders:LoadBalancing:Policy", "Random"),
            ("Services:stock:Retry:On:0", "500"),
            ("Services:stock:Endpoints:0:Address", "b:1"),
            ("Services:stock:Endpoints:0:Labels:x", "y"));

        MeshPolicy after = configuration.Current;
        Assert.Same(before.For("stock"), after.For("stock"));
        Assert.Same(before.Defaults, after.Defaults);
        Assert.Same(before.Discovery, after.Discovery);
        Assert.NotSame(before.For("orders"), after.For("orders"));
        Assert.Equal("Random", after.For("orders").Balancing.Policy);
        Assert.Same(before.For("orders").Breaker, after.For("orders").Breaker);
        Assert.Same(before.For("orders").Retry, after.For("orders").Retry);
        Assert.Same(before.For("orders").Transport, after.For("orders").Transport);
        Assert.True(before.For("orders").Endpoints == after.For("orders").Endpoints);
    }

    [Fact]
    public void Reload_ServiceLeft_IsGone()
    {
        MeshConfiguration configuration = _fixture.Start();
        int told = 0;
        using IDisposable subscription = configuration.OnChange(_ => told++);

        Write(("Services:orders:Timeout", "00:00:01"));

        Assert.Equal(["orders"], configuration.Current.Services.Keys);
        Assert.Equal(1, told);
    }

    [Fact]
    public void Reload_SameContent_TellsNobody()
    {
        MeshConfiguration configuration = _fixture.Start();
        MeshPolicy before = configuration.Current;
        int told = 0;
        using IDisposable subscription = configuration.OnChange(_ => told++);

        Write(("Services:stock:Timeout", "00:00:02"), ("Services:orders:Timeout", "00:00:01.000"));

        Assert.Same(before, configuration.Current);
        Assert.Equal(0, told);
        Assert.Empty(_fixture.Logger.Entries);
    }

    [Theory]
    [InlineData("Services:orders:Timeout", "30")]
    [InlineData("Services:orders:Timout", "00:00:01")]
    [InlineData("Services:orders:LoadBalancing:Policy", "Fastest")]
    [InlineData("Services:orders:Endpoints:0:Address", "a:b:c")]
    [InlineData("Services:my orders:Timeout", "00:00:01")]
    public void Reload_BadChange_IsLoggedOnceWholeAndRefused(string key, string value)
    {
        MeshConfiguration configuration = _fixture.Start();
        MeshPolicy before = configuration.Current;
        int told = 0;
        using IDisposable subscription = configuration.OnChange(_ => told++);
        (string, string?)[] bad = [("Services:stock:Timeout", "00:00:55"), ("Defaults:Retry:MaxAttempts", "0"), (key, value)];

        Write(bad);
        Write(bad);

        Assert.Same(before, configuration.Current);
        Assert.Equal(0, told);
        (_, LogLevel level, string message) = Assert.Single(_fixture.Logger.Entries);
        Assert.Equal(LogLevel.Error, level);
        Assert.Contains("Mesh:Defaults:Retry:MaxAttempts = \"0\"", message, StringComparison.Ordinal);
        Assert.Contains("Mesh:" + string.Join(':', key.Split(':').Take(2)), message, StringComparison.Ordinal);

        Write(("Services:stock:Timeout", "00:00:55"));
        Assert.Equal(TimeSpan.FromSeconds(55), configuration.Current.For("stock").Timeout);

        Write(bad);
        Assert.Equal(2, _fixture.Logger.Of(1001).Count());
    }

    [Fact]
    public void Reload_TenMegabytes_IsRefused()
    {
        MeshConfiguration configuration = _fixture.Start();
        MeshPolicy before = configuration.Current;

        Write(("Services:orders:Timeout", new string('x', 10_000_000)));

        Assert.Same(before, configuration.Current);
        Assert.Contains("4194304 characters", Assert.Single(_fixture.Logger.Of(1001)), StringComparison.Ordinal);
    }

    [Fact]
    public void Reload_ListenerThatThrows_IsLoggedAndDoesNotStopTheOthers()
    {
        MeshConfiguration configuration = _fixture.Start();
        int told = 0;
        using IDisposable first = configuration.OnChange(static _ => throw new InvalidOperationException("boom"));
        using IDisposable second = configuration.OnChange(_ => told++);

        Write(("Services:orders:Timeout", "00:00:09"));

        Assert.Equal(1, told);
        Assert.Single(_fixture.Logger.Of(1004));
    }

    [Fact]
    public void Reload_AfterTheSubscriptionEnded_IsNotTold()
    {
        MeshConfiguration configuration = _fixture.Start();
        int told = 0;
        IDisposable subscription = configuration.OnChange(_ => told++);
        subscription.Dispose();
        subscription.Dispose();

        Write(("Services:orders:Timeout", "00:00:09"));

        Assert.Equal(0, told);
    }

    [Fact]
    public void Reload_BurstOfChanges_IsReadOnce()
    {
        int reads = 0;
        _fixture.Setup.ConfigureDiscovery.Add(_ => reads++);
        MeshConfiguration configuration = _fixture.Start();

        for (int i = 1; i < 20; i++)
        {
            _source.Replace(ConfigurationFixture.InMesh(("Services:orders:Timeout", $"00:00:{i:D2}")));
        }

        Assert.Equal(1, reads);
        _fixture.Settle();

        Assert.Equal(2, reads);
        Assert.Equal(TimeSpan.FromSeconds(19), configuration.Current.For("orders").Timeout);
    }

    [Fact]
    public void Reload_ChangesWithoutEnd_AreReadAllTheSame()
    {
        MeshConfiguration configuration = _fixture.Start();
        for (int i = 1; i < 10; i++)
        {
            _source.Replace(ConfigurationFixture.InMesh(("Services:orders:Timeout", $"00:00:{i:D2}")));
            _fixture.Clock.Advance(MeshConfiguration.Debounce / 2);
        }

        Assert.InRange(configuration.Current.For("orders").Timeout.TotalSeconds, 7, 9);
    }

    [Fact]
    public void Reload_FromWithinAListener_IsReadAfterIt()
    {
        MeshConfiguration configuration = _fixture.Start();
        List<double> told = [];
        using IDisposable subscription = configuration.OnChange(policy =>
        {
            told.Add(policy.For("orders").Timeout.TotalSeconds);
            if (told.Count == 1)
            {
                Write(("Services:orders:Timeout", "00:00:08"));
                Assert.Single(told);
            }
        });

        Write(("Services:orders:Timeout", "00:00:07"));

        Assert.Equal([7, 8], told);
    }

    [Fact]
    public async Task Reload_OnManyThreads_NeverRunsTwoAtATimeAndEndsWithTheLast()
    {
        int inside = 0;
        bool overlapped = false;
        _fixture.Setup.ConfigureDiscovery.Add(_ =>
        {
            overlapped |= Interlocked.Increment(ref inside) != 1;
            Thread.Yield();
            Interlocked.Decrement(ref inside);
        });
        MeshConfiguration configuration = _fixture.Start();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 200; i++)
            {
                _source.Touch();
                _fixture.Settle();
            }
        })));
        Write(("Services:orders:Timeout", "00:00:09"));

        Assert.False(overlapped);
        Assert.Equal(TimeSpan.FromSeconds(9), configuration.Current.For("orders").Timeout);
    }

    [Fact]
    public void Reload_CodeThatThrows_IsRefused()
    {
        bool broken = false;
        _fixture.Setup.ConfigureServices.Add(new("orders", _ =>
        {
            if (broken)
            {
                throw new InvalidOperationException("boom");
            }
        }));
        MeshConfiguration configuration = _fixture.Start();
        MeshPolicy before = configuration.Current;
        broken = true;

        Write(("Services:stock:Timeout", "00:00:09"));

        Assert.Same(before, configuration.Current);
        Assert.Contains("threw InvalidOperationException: boom", Assert.Single(_fixture.Logger.Of(1001)), StringComparison.Ordinal);
    }

    [Fact]
    public void Reload_AfterDispose_IsNotRead()
    {
        MeshConfiguration configuration = _fixture.Start();
        MeshPolicy before = configuration.Current;
        _source.Touch();
        configuration.Dispose();
        configuration.Dispose();

        Write(("Services:orders:Timeout", "00:00:09"));

        Assert.Same(before, configuration.Current);
    }

    [Fact]
    public void Start_ChangeDuringTheFirstReading_IsReadAfterIt()
    {
        int reads = 0;
        _fixture.Setup.ConfigureDiscovery.Add(_ =>
        {
            if (++reads == 1)
            {
                Write(("Services:orders:Timeout", "00:00:09"));
            }
        });
        MeshConfiguration configuration = _fixture.Start();
        Assert.Equal(1, reads);
        Assert.Equal(TimeSpan.FromSeconds(1), configuration.Current.For("orders").Timeout);

        _fixture.Settle();

        Assert.Equal(2, reads);
        Assert.Equal(TimeSpan.FromSeconds(9), configuration.Current.For("orders").Timeout);
    }

    [Fact]
    public void Start_BadConfiguration_LeavesNothingBehind()
    {
        Write(("Services:orders:Timeout", "1"));
        int reads = 0;
        _fixture.Setup.ConfigureDiscovery.Add(_ => reads++);
        Assert.Throws<MeshOptionsException>(_fixture.Start);

        Write(("Services:orders:Timeout", "00:00:01"));

        Assert.Equal(1, reads);
    }

    private void Write(params (string, string?)[] entries)
    {
        _source.Replace(ConfigurationFixture.InMesh(entries));
        _fixture.Settle();
    }
}
