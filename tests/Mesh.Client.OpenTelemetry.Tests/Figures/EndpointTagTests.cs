using Mesh.Client.OpenTelemetry.Tests.Fakes;
using Mesh.Client.Options;
using Mesh.Client.Services;
using Mesh.Client.Tests.Waiting;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.OpenTelemetry.Tests.Figures;

/// <summary>Attempts by endpoint, which is a choice.</summary>
public sealed class EndpointTagTests
{
    private const string Attempts = "mesh.client.attempts";
    private const string Key = "Figures:EndpointTag";

    [Fact]
    public async Task EndpointTag_ByDefault_IsOff()
    {
        await using Backend well = await Backend.StartAsync(200);
        using var mesh = new CallingMesh([well.Address]);
        using var figures = new CollectedFigures();

        await mesh.GetAsync();

        Assert.DoesNotContain("mesh.endpoint", Assert.Single(figures.Of(Attempts)).Tags.Keys);
    }

    [Fact]
    public async Task EndpointTag_On_TellsEachEndpoint()
    {
        await using Backend broken = await Backend.StartAsync(503);
        await using Backend well = await Backend.StartAsync(200);
        using var mesh = new CallingMesh([broken.Address, well.Address], keys: [(Key, "true")]);
        using var figures = new CollectedFigures();

        await mesh.GetAsync();

        Assert.Equal(2, figures.Of(Attempts).Length);
        Assert.Equal(1, figures.Value(Attempts, ("mesh.service", "orders"), ("mesh.outcome", "failure"), ("mesh.endpoint", new Uri(broken.Address).Authority)));
        Assert.Equal(1, figures.Value(Attempts, ("mesh.service", "orders"), ("mesh.outcome", "success"), ("mesh.endpoint", new Uri(well.Address).Authority)));
    }

    [Fact]
    public async Task EndpointTag_Reloaded_IsOnAndOffAgainAndNoAttemptIsLost()
    {
        await using Backend well = await Backend.StartAsync(200);
        using var mesh = new CallingMesh([well.Address]);
        using var figures = new CollectedFigures();
        await mesh.GetAsync();
        await SetAsync(mesh, on: true);
        await mesh.GetAsync();
        Assert.Equal(1, figures.Value(Attempts, ("mesh.endpoint", new Uri(well.Address).Authority)));

        await SetAsync(mesh, on: false);

        FigureSeries all = Assert.Single(figures.Of(Attempts), static s => !s.Tags.ContainsKey("mesh.endpoint"));
        Assert.Equal(2, all.Value);
    }

    [Fact]
    public void EndpointTag_NotAFlag_IsRefusedWithTheKey()
    {
        MeshOptionsException error = Assert.ThrowsAny<MeshOptionsException>(() =>
        {
            using var mesh = new CallingMesh([], keys: [(Key, "perhaps")]);
            mesh.GetAsync().GetAwaiter().GetResult();
        });

        Assert.Contains(error.Failures, static f => f.Contains(Key, StringComparison.Ordinal) && f.Contains("perhaps", StringComparison.Ordinal));
    }

    private static async Task SetAsync(CallingMesh mesh, bool on)
    {
        mesh.Configuration[Key] = on ? "true" : "false";
        mesh.Configuration.Reload();
        await Until.HoldsAsync(() => mesh.Services.GetRequiredService<MeshServices>().Engine.TagsEndpoints == on);
    }
}
