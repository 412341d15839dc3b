using Mesh.Client.Registration;
using Mesh.Client.Tests.Waiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Configuration;

namespace Mesh.Client.AspNetCore.Tests.Lifecycle;

/// <summary>From the start until the instance is registered.</summary>
public sealed class InstanceStartTests
{
    [Fact]
    public async Task Start_OfAWellApplication_RegistersWhereItListens()
    {
        await using InstanceApp app = await new InstanceApp().RegisteredAsync();

        ServiceInstance instance = app.Registry.Registered[0];
        Assert.Equal(("orders", "127.0.0.1", app.Url.Port, "http"), (instance.Service, instance.Host, instance.Port, instance.Scheme));
        Assert.Equal($"orders-{Environment.MachineName.ToLowerInvariant()}-{app.Url.Port}", instance.Id);
        Assert.Equal(0.1, instance.Warmth);
        Assert.Equal(InstanceCheckType.Tcp, Assert.Single(instance.Checks).Type);
        await Until.HoldsAsync(() => app.Log.Of(4000).Length == 1);
        Assert.Equal(HealthStatus.Healthy, (await app.ReadinessAsync()).Status);
    }

    [Fact]
    public async Task Start_WhileAnotherServiceStarts_RegistersAfterTheServerListens()
    {
        var release = new TaskCompletionSource();
        await using var app = new InstanceApp(build: b => b.Services.AddHostedService(_ => new SlowService(release.Task)));
        Task start = app.App.StartAsync(TestContext.Current.CancellationToken);
        await app.Clock.AdvanceUntilAsync(() => app.Clock.GetUtcNow().Second >= 10, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Equal(0, app.Registry.Attempts);

        release.SetResult();
        await start;
        await Until.HoldsAsync(() => app.Registry.Registered.Length > 0);
    }

    [Fact]
    public async Task Start_WithAnUnwellHealthCheck_RegistersOnceItIsWell()
    {
        var status = HealthStatus.Unhealthy;
        int asked = 0;
        await using var app = new InstanceApp(build: b => b.Services.AddHealthChecks()
            .AddCheck("database", () => { asked++; return new HealthCheckResult(status); }, tags: ["ready"])
            .AddCheck("other", static () => HealthCheckResult.Unhealthy(), tags: ["live"]));
        await app.StartAsync();
        await app.Clock.AdvanceUntilAsync(() => app.Log.Of(4013).Length > 0, TimeSpan.FromMilliseconds(250), TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Equal(0, app.Registry.Attempts);
        Assert.InRange(asked, 17, 19);
        Assert.Contains("database", Assert.Single(app.Log.Of(4013)), StringComparison.Ordinal);
        HealthReportEntry readiness = await app.ReadinessAsync();
        Assert.Equal((HealthStatus.Degraded, "not registered yet: waits for the health checks database"), (readiness.Status, readiness.Description));

        status = HealthStatus.Degraded;
        await app.Clock.AdvanceUntilAsync(() => app.Registry.Registered.Length > 0, TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Start_WithoutATaggedCheck_WaitsForAllChecks()
    {
        var status = HealthStatus.Unhealthy;
        await using var app = new InstanceApp(build: b => b.Services.AddHealthChecks().AddCheck("cache", () => new HealthCheckResult(status)));
        await app.StartAsync();
        await app.Clock.AdvanceUntilAsync(() => app.Log.Of(4013).Length > 0, TimeSpan.FromMilliseconds(250), TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Equal(0, app.Registry.Attempts);

        status = HealthStatus.Healthy;
        await app.Clock.AdvanceUntilAsync(() => app.Registry.Registered.Length > 0, TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Start_WithAHealthCheckThatHangs_AsksItOnceAndWaits()
    {
        int asked = 0;
        var release = new TaskCompletionSource<HealthCheckResult>();
        await using var app = new InstanceApp(build: b => b.Services.AddHealthChecks().AddAsyncCheck(
            "database",
            () =>
            {
                // Like most, it does not look at the token.
                Interlocked.Increment(ref asked);
                return release.Task;
            },
            tags: ["ready"]));
        await app.StartAsync();
        await app.Clock.AdvanceUntilAsync(() => app.Clock.GetUtcNow().Minute >= 5, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(6), TestContext.Current.CancellationToken);
        Assert.Contains("gave no answer within 00:00:30", Assert.Single(app.Log.Of(4013)), StringComparison.Ordinal);
        Assert.Equal((1, 0), (asked, app.Registry.Attempts));

        release.SetResult(HealthCheckResult.Healthy());
        await app.Clock.AdvanceUntilAsync(() => app.Registry.Attempts == 1, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Start_WhileTheRegistryIsDown_ServesAndRegistersLater()
    {
        await using var app = new InstanceApp();
        app.Registry.OnRegister = static (_, _) => throw new IOException("connection refused");
        await app.StartAsync();
        using var client = new HttpClient();
        Assert.Equal("here", await client.GetStringAsync(app.Url, TestContext.Current.CancellationToken));
        await app.Clock.AdvanceUntilAsync(() => app.Registry.Attempts >= 5, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
        HealthReportEntry readiness = await app.ReadinessAsync();
        Assert.Equal(HealthStatus.Degraded, readiness.Status);
        Assert.Contains("connection refused", readiness.Description, StringComparison.Ordinal);
        Assert.Contains("connection refused", Assert.Single(app.Log.Of(4001)), StringComparison.Ordinal);

        app.Registry.OnRegister = null;
        await app.Clock.AdvanceUntilAsync(() => app.Registry.Registered.Length > 0, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        await Until.HoldsAsync(() => app.Log.Of(4000).Length == 1);
    }

    [Fact]
    public async Task Start_WhileTheRegistryHangs_GivesUpAndTriesAgain()
    {
        await using var app = new InstanceApp();
        app.Registry.OnRegister = static (_, ct) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
        await app.StartAsync();
        await app.Clock.AdvanceUntilAsync(() => app.Registry.Attempts >= 2, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Contains("00:00:10", Assert.Single(app.Log.Of(4001)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithAnIdOfAnotherProcess_SaysSoOnceAndTriesSlowly()
    {
        await using var app = new InstanceApp(static o => o.InstanceId = "orders-7");
        app.Registry.OnRegister = static (i, _) => throw new InstanceConflictException(i.Id, "10.0.0.9:80 has it");
        await app.StartAsync();
        await app.Clock.AdvanceUntilAsync(() => app.Registry.Attempts >= 3, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        Assert.True(app.Clock.GetUtcNow() >= new DateTimeOffset(2000, 1, 1, 0, 1, 0, TimeSpan.Zero));
        string line = Assert.Single(app.Log.Of(4003));
        Assert.Contains("orders-7", line, StringComparison.Ordinal);
        Assert.Contains("10.0.0.9:80 has it", line, StringComparison.Ordinal);
        HealthReportEntry readiness = await app.ReadinessAsync();
        Assert.Equal(HealthStatus.Degraded, readiness.Status);
        Assert.Contains("orders-7", readiness.Description, StringComparison.Ordinal);

        app.Registry.OnRegister = null;
        await app.Clock.AdvanceUntilAsync(() => app.Registry.Registered.Length > 0, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task WarmUp_OverItsTime_GrowsToOneInTenSteps()
    {
        await using InstanceApp app = await new InstanceApp(static o => o.Weight = 3).RegisteredAsync();
        await app.Clock.AdvanceUntilAsync(() => app.Registry.Registered[^1].Warmth >= 1, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(31), TestContext.Current.CancellationToken);
        await app.Clock.AdvanceUntilAsync(() => app.Clock.ActiveTimers == 0, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.Equal([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1], app.Registry.Registered.Select(static i => i.Warmth));
        Assert.All(app.Registry.Registered, static i => Assert.Equal(3, i.Weight));
    }

    [Fact]
    public async Task WarmUp_OfZero_RegistersOnce()
    {
        await using InstanceApp app = await new InstanceApp(static o => o.WarmUp = TimeSpan.Zero).RegisteredAsync();

        Assert.Equal(1, Assert.Single(app.Registry.Registered).Warmth);
    }

    private sealed class SlowService(Task release) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => release;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
