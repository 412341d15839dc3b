using Mesh.Client.OpenTelemetry.Tests.Fakes;
using Mesh.Client.Testing;
using Mesh.Client.Tests.Waiting;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.OpenTelemetry.Tests.Figures;

/// <summary>The figures of what the mesh knows: endpoints, breakers, budget, discovery.</summary>
public sealed class StateFigureTests
{
    [Fact]
    public async Task Endpoints_OneIsEjected_AreCountedByState()
    {
        await using Backend broken = await Backend.StartAsync(502);
        await using Backend well = await Backend.StartAsync(200);
        using var figures = new CollectedFigures();
        using var mesh = new CallingMesh([broken.Address, well.Address], static o => o.CircuitBreaker.ConsecutiveFailures = 2);

        for (int i = 0; i < 4; i++)
        {
            await mesh.GetAsync();
        }

        Assert.Equal(1, figures.Value("mesh.client.endpoints", ("mesh.service", "orders"), ("mesh.state", "open")));
        Assert.Equal(1, figures.Value("mesh.client.endpoints", ("mesh.service", "orders"), ("mesh.state", "closed")));
        FigureSeries opened = Assert.Single(figures.Of("mesh.client.breaker.transitions"));
        Assert.Equal(("orders", "open", "ConsecutiveFailures", 1d), (opened.Tags["mesh.service"], opened.Tags["mesh.state"], opened.Tags["mesh.reason"], opened.Value));
    }

    [Fact]
    public async Task RetryBudget_OfAServiceInUse_IsTold()
    {
        await using Backend well = await Backend.StartAsync(200);
        using var figures = new CollectedFigures();
        using var mesh = new CallingMesh([well.Address]);

        await mesh.GetAsync();

        Assert.True(figures.Value("mesh.client.retry_budget.remaining", ("mesh.service", "orders")) > 0);
    }

    [Fact]
    public async Task Discovery_Updates_AreCountedByWhatBecameOfThem()
    {
        await using Backend well = await Backend.StartAsync(200);
        using var figures = new CollectedFigures();
        var registry = new InMemoryRegistry();
        using var mesh = new CallingMesh([], mesh: b => b.AddInMemoryRegistry(registry));
        registry.Set("orders", $"127.0.0.1:{well.Port}");

        await mesh.GetAsync();
        registry.SetEmpty("orders", confirmed: false);
        await Until.HoldsAsync(() => figures.Of("mesh.client.discovery.updates").Any(static s => (string)s.Tags["mesh.result"]! == "empty"));

        Assert.Contains(figures.Of("mesh.client.discovery.updates"), static s => (string)s.Tags["mesh.result"]! == "found" && (string)s.Tags["mesh.service"]! == "orders");
        Assert.InRange(figures.Of("mesh.client.discovery.age").Single().Value, 0, 60);
    }

    [Fact]
    public async Task Endpoints_OneNameOverTwoPorts_AreOneSeries()
    {
        await using Backend well = await Backend.StartAsync(200);
        using var figures = new CollectedFigures();
        using var mesh = new CallingMesh([well.Address]);

        await mesh.GetAsync();
        await mesh.Client.GetAsync(new Uri("http://orders:8080/today"), TestContext.Current.CancellationToken);

        Assert.Equal(2, Assert.Single(figures.Of("mesh.client.endpoints")).Value);
        Assert.Equal(2, figures.Value("mesh.client.attempts", ("mesh.outcome", "success")));
    }
}
