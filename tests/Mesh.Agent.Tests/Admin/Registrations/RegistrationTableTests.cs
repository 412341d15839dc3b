using Mesh.Agent.Admin.Registrations;
using Mesh.Agent.Options;
using Mesh.Client.AspNetCore.Addresses;
using Mesh.Client.AspNetCore.Tests.Lifecycle;
using Mesh.Client.Discovery.Cache;
using Mesh.Client.Model;
using Mesh.Client.Testing;
using Mesh.Client.Tests.Waiting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mesh.Agent.Tests.Admin.Registrations;

/// <summary>The programs that registered themselves, by a clock that stands still.</summary>
public sealed class RegistrationTableTests : IDisposable
{
    private static readonly InstanceAddress s_address = new(null, "10.0.0.7", 9000);

    private readonly ManualTimeProvider _clock = new();
    private readonly FakeRegistrar _registry = new();
    private readonly AgentConfiguration _configuration = new((IConfigurationRoot)new ConfigurationManager(), NullLogger.Instance);
    private readonly RegistrationTable _table;

    public RegistrationTableTests() =>
        _table = new RegistrationTable(new RegistrationTools([_registry], static () => new LocalPolicy(), _clock, new SeededRandom(1), NullLogger.Instance), new RegistrationCopy(new CacheStore(new SystemCacheDisk(), _clock, new SeededRandom(1), NullLogger.Instance), static () => "", ""), _configuration);

    public void Dispose()
    {
        _table.Dispose();
        _configuration.Dispose();
    }

    [Fact]
    public async Task Program_ThatSaysItAgainInTime_Stays()
    {
        await _table.StartAsync(TestContext.Current.CancellationToken);
        RegistrationForm form = Form() with { Ttl = TimeSpan.FromSeconds(30) };
        _table.Put("a", form, out _);
        for (int i = 0; i < 5; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(29));
            Assert.NotNull(_table.Put("a", form, out bool isNew));
            Assert.False(isNew);
        }

        Assert.Empty(_registry.Deregistered);
        await _clock.AdvanceUntilAsync(() => _table.Find("a") is null, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        await Until.HoldsAsync(() => _registry.Deregistered.Length == 1);
        Assert.Single(_registry.Registered);
    }

    [Fact]
    public async Task Program_ThatNeverIsWell_IsForgotten()
    {
        await _table.StartAsync(TestContext.Current.CancellationToken);
        _table.Put("a", Form() with { Health = new HealthCheckPolicy { Type = HealthCheckType.Tcp, Interval = TimeSpan.FromSeconds(5) }, HealthAddress = new InstanceAddress(null, "127.0.0.1", 1) }, out _);

        _clock.Advance(ProgramRegistration.Patience - TimeSpan.FromSeconds(1));
        Assert.NotNull(_table.Find("a"));
        await _clock.AdvanceUntilAsync(() => _table.Find("a") is null, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);

        Assert.Empty(_registry.Registered);
    }

    [Fact]
    public async Task WarmUp_OfAProgram_RaisesItsShare()
    {
        _table.Put("a", Form() with { WarmUp = TimeSpan.FromSeconds(9), Ttl = TimeSpan.FromHours(1) }, out _);
        await Until.HoldsAsync(() => _registry.Registered.Length == 1);

        await _clock.AdvanceUntilAsync(() => _registry.Registered[^1].Warmth >= 1, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);

        Assert.Equal(0.1, _registry.Registered[0].Warmth);
        Assert.Equal(_registry.Registered.Select(static i => i.Warmth).Order(), _registry.Registered.Select(static i => i.Warmth));
    }

    [Fact]
    public void Put_BeyondTheMost_IsRefused()
    {
        for (int i = 0; i < RegistrationTable.Most; i++)
        {
            Assert.NotNull(_table.Put($"a{i}", Form(), out _));
        }

        Assert.Null(_table.Put("one-more", Form(), out _));
        Assert.NotNull(_table.Put("a7", Form() with { Weight = 7 }, out _));
        Assert.NotNull(_table.Remove("a8"));
        Assert.NotNull(_table.Put("one-more", Form(), out _));
    }

    [Fact]
    public async Task Put_WhileTheOneBeforeLeaves_WaitsForIt()
    {
        var leave = new TaskCompletionSource();
        _registry.OnDeregister = _ => leave.Task;
        _table.Put("a", Form(), out _);
        await Until.HoldsAsync(() => _registry.Registered.Length == 1);
        Task left = _table.Remove("a")!;

        ProgramRegistration next = _table.Put("a", Form() with { Weight = 2 }, out bool isNew)!;
        Assert.True(isNew);
        Task settled = next.SettleAsync(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
        await _clock.AdvanceUntilAsync(() => settled.IsCompleted, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        Assert.Single(_registry.Registered);
        leave.SetResult();
        await left;

        await Until.HoldsAsync(() => _registry.Registered.Length == 2);
        Assert.Equal([1, 2], _registry.Registered.Select(static i => i.Weight));
        Assert.Equal(["a"], _registry.Deregistered);
    }

    [Fact]
    public async Task Stop_WhenTheRegistryHangs_DoesNotWaitForEver()
    {
        _registry.OnDeregister = static cancellationToken => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        _table.Put("a", Form(), out _);
        await Until.HoldsAsync(() => _registry.Registered.Length == 1);

        Task stop = _table.StoppingAsync(TestContext.Current.CancellationToken);
        await _clock.AdvanceUntilAsync(() => stop.IsCompleted, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);

        Assert.True(_table.IsStopping);
        Assert.Null(_table.Put("b", Form(), out _));
    }

    private static RegistrationForm Form() => new("inventory", s_address) { HealthAddress = s_address };
}
