using System.Diagnostics.Metrics;
using System.Globalization;
using Mesh.Client.OpenTelemetry.Tests.Fakes;
using Mesh.Client.Options;
using Mesh.Client.Telemetry.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.OpenTelemetry.Tests.Figures;

/// <summary>The figures of calls, as the OpenTelemetry SDK collects them.</summary>
public sealed class CallFigureTests
{
    private const string Duration = "mesh.client.request.duration";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Duration_OfCalls_HasTheAdvisedBucketsAndFewAttributes()
    {
        await using Backend backend = await Backend.StartAsync(200);
        using var mesh = new CallingMesh([backend.Address]);
        using var figures = new CollectedFigures();

        await mesh.GetAsync();
        await mesh.GetAsync();

        FigureSeries series = Assert.Single(figures.Of(Duration));
        Assert.Equal(("s", 2d), (series.Unit, series.Value));
        Assert.Equal(("orders", "success", 200, 3), (series.Tags["mesh.service"], series.Tags["mesh.outcome"], series.Tags["http.response.status_code"], series.Tags.Count));
        Assert.Equal([0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, double.PositiveInfinity], series.Bounds);
    }

    [Fact]
    public async Task Duration_OfARoute_NamesIt()
    {
        await using Backend backend = await Backend.StartAsync(200);
        using var mesh = new CallingMesh([backend.Address], keys: [("Services:orders:Routes:0:Name", "beta")]);
        using var figures = new CollectedFigures();

        await mesh.GetAsync();

        Assert.Equal("beta", Assert.Single(figures.Of(Duration)).Tags["mesh.route"]);
    }

    [Fact]
    public async Task Duration_OfFailures_IsByOutcomeAndHasAStatusOnlyWhereThereIsOne()
    {
        await using Backend broken = await Backend.StartAsync(500);
        using var mesh = new CallingMesh([broken.Address]);
        using var dead = new CallingMesh(["http://127.0.0.1:1"], static o => o.Retry.MaxAttempts = 1);
        using var figures = new CollectedFigures();

        await mesh.PostAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => dead.GetAsync());

        Assert.Equal(1, figures.Value(Duration, ("http.response.status_code", 500), ("mesh.outcome", "failure")));
        FigureSeries none = Assert.Single(figures.Of(Duration), static s => s.Tags.Count == 2);
        Assert.Equal(("failure", 1d), (none.Tags["mesh.outcome"], none.Value));
    }

    [Fact]
    public async Task Duration_OfManyPaths_IsOneSeries()
    {
        using var mesh = new CallingMesh(["http://10.0.0.1"], mesh: static b => b.UseTransport(static _ => new AtOnce()));
        using var figures = new CollectedFigures();
        for (int i = 0; i < 10_000; i++)
        {
            await mesh.GetAsync(string.Create(CultureInfo.InvariantCulture, $"/orders/{i}?user={i}"));
        }

        Assert.Equal(10_000, Assert.Single(figures.Of(Duration)).Value);
        Assert.All(figures.Read(), static s => Assert.DoesNotContain(s.Tags.Values, static v => v is string text && text.Contains('/', StringComparison.Ordinal)));
        Assert.InRange(figures.Read().Count, 1, 12);
    }

    [Fact]
    public async Task Attempts_OfARetriedCall_AreCountedByWhatBecameOfThem()
    {
        await using Backend broken = await Backend.StartAsync(503);
        await using Backend well = await Backend.StartAsync(200);
        using var mesh = new CallingMesh([broken.Address, well.Address]);
        using var figures = new CollectedFigures();

        await mesh.GetAsync();

        Assert.Equal(1, figures.Value("mesh.client.attempts", ("mesh.service", "orders"), ("mesh.outcome", "failure")));
        Assert.Equal(1, figures.Value("mesh.client.attempts", ("mesh.service", "orders"), ("mesh.outcome", "success")));
        Assert.Equal(1, Assert.Single(figures.Of(Duration)).Value);
    }

    [Fact]
    public async Task Rejections_OfCalls_AreCountedByReason()
    {
        await using Backend backend = await Backend.StartAsync(200);
        using var mesh = new CallingMesh([backend.Address], static o => o.RateLimits = [new RateLimitOptions { Name = "all", Permits = 2, Per = TimeSpan.FromHours(1) }]);
        using var nobody = new CallingMesh([], keys: [("Discovery:Sources:0", "Configuration")]);
        using var figures = new CollectedFigures();
        await mesh.GetAsync();
        await mesh.GetAsync();

        await Assert.ThrowsAsync<MeshException>(() => mesh.GetAsync());
        await Assert.ThrowsAsync<MeshException>(() => nobody.GetAsync());

        Assert.Equal(1, figures.Value("mesh.client.rejections", ("mesh.service", "orders"), ("mesh.reason", "rate_limited")));
        Assert.Equal(1, figures.Value("mesh.client.rejections", ("mesh.service", "orders"), ("mesh.reason", "no_endpoints")));
        Assert.Equal(2, figures.Value("mesh.quota.permits", ("mesh.scope", "service:orders"), ("mesh.limit", "all"), ("mesh.decision", "admitted")));
        Assert.Equal(1, figures.Value("mesh.quota.permits", ("mesh.scope", "service:orders"), ("mesh.limit", "all"), ("mesh.decision", "denied")));
    }

    [Fact]
    public void Instruments_NobodyListens_SeeNothing()
    {
        using var mesh = new CallingMesh(["http://10.0.0.1"]);
        MeshMetrics metrics = mesh.Services.GetRequiredService<MeshMetrics>();

        Assert.Equal((false, false, false), (metrics.SeesCalls, metrics.SeesAttempts, metrics.SeesPermits));
        using (new CollectedFigures())
        {
            Assert.Equal((true, true, true), (metrics.SeesCalls, metrics.SeesAttempts, metrics.SeesPermits));
        }

        Assert.Equal((false, false, false), (metrics.SeesCalls, metrics.SeesAttempts, metrics.SeesPermits));
    }

    [Fact]
    public async Task Call_FiguresAreCollected_AllocatesNothingMore()
    {
        using var mesh = new CallingMesh(["http://10.0.0.1"], static o => o.RateLimits = [new RateLimitOptions { Name = "all", Permits = 1_000_000_000 }], static b => b.UseTransport(static _ => new AtOnce()));
        long without = await BytesOfACallAsync(mesh);
        using var figures = new CollectedFigures();

        long with = await BytesOfACallAsync(mesh);

        Assert.Equal(without, with);
        Assert.True(figures.Value(Duration) > 0);
    }

    [Fact]
    public void CountTable_MoreSubjectsThanItTells_CountsForNobody()
    {
        var table = new CountTable("word", "one");
        for (int i = 0; i < CountTable.MaxSubjects + 100; i++)
        {
            table.Of("scope", string.Create(CultureInfo.InvariantCulture, $"{i}")).Add(0);
        }

        Assert.Equal(CountTable.MaxSubjects, table.Read().Count());
        Assert.All(table.Read(), static (Measurement<long> m) => Assert.Equal(1, m.Value));
    }

    private static async Task<long> BytesOfACallAsync(CallingMesh mesh)
    {
        const int calls = 1_000;
        var uri = new Uri("/today", UriKind.Relative);
        long least = long.MaxValue;
        for (int round = 0; round < 6; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int i = 0; i < calls; i++)
            {
                using HttpResponseMessage response = await mesh.Client.GetAsync(uri, Token);
            }

            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / calls);
        }

        return least;
    }
}
