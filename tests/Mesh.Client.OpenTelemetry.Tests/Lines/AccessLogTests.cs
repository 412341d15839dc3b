using Mesh.Client.OpenTelemetry.Tests.Fakes;
using Mesh.Client.Options;
using Mesh.Client.Tests.Waiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mesh.Client.OpenTelemetry.Tests.Lines;

/// <summary>The line of a call.</summary>
public sealed class AccessLogTests
{
    [Fact]
    public async Task AccessLog_ByDefault_IsOff()
    {
        await using Backend backend = await Backend.StartAsync(500);
        using var mesh = new CallingMesh([backend.Address]);

        await mesh.PostAsync();

        Assert.Empty(mesh.Log.Lines);
    }

    [Fact]
    public async Task AccessLog_GoodCall_IsALineWithItsFields()
    {
        await using Backend broken = await Backend.StartAsync(503);
        await using Backend well = await Backend.StartAsync(200);
        using var mesh = new CallingMesh([broken.Address, well.Address], keys: [("AccessLog:Enabled", "true"), ("Services:orders:Routes:0:Name", "beta"), ("Services:orders:Routes:0:Lane", "blue")]);

        await mesh.GetAsync("/today?secret=1");

        LogEntry line = Assert.Single(mesh.Log.Lines);
        Assert.Equal((2200, "CallEnded", LogLevel.Information), (line.Id.Id, line.Id.Name, line.Level));
        Assert.Equal(("GET", "orders", "/today", 200, "success"), (line.Fields["Method"], line.Fields["Service"], line.Fields["Path"], line.Fields["StatusCode"], line.Fields["Outcome"]));
        Assert.Equal(("beta", "blue", 2, $"127.0.0.1:{well.Port}"), (line.Fields["Route"], line.Fields["Lane"], line.Fields["Attempts"], line.Fields["Endpoint"]));
        Assert.InRange((double)line.Fields["Milliseconds"]!, 0.001, 60_000);
        Assert.DoesNotContain("secret", line.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AccessLog_SampledOut_LogsWhatFailsAllTheSame()
    {
        await using Backend backend = await Backend.StartAsync(static context =>
        {
            context.Response.StatusCode = context.Request.Path == "/broken" ? 500 : 200;
            return Task.CompletedTask;
        });
        using var mesh = new CallingMesh(
            [backend.Address],
            static o => (o.Retry.MaxAttempts, o.RateLimits) = (1, [new RateLimitOptions { Name = "all", Permits = 3, Per = TimeSpan.FromHours(1) }]),
            keys: [("AccessLog:Enabled", "true"), ("AccessLog:SampleRatio", "0")]);

        await mesh.GetAsync();
        await mesh.GetAsync("/broken");
        await mesh.GetAsync();
        await Assert.ThrowsAsync<MeshException>(() => mesh.GetAsync());

        Assert.Equal(["500 failure status", " rejected rate_limited"], mesh.Log.Lines.Select(static l => $"{l.Fields["StatusCode"]} {l.Fields["Outcome"]} {l.Fields["Reason"]}"));
        Assert.All(mesh.Log.Lines, static l => Assert.Equal((2201, "CallFailed", LogLevel.Warning), (l.Id.Id, l.Id.Name, l.Level)));
    }

    [Fact]
    public async Task AccessLog_Sampled_LogsAShareOfTheGoodCalls()
    {
        using var mesh = new CallingMesh(["http://10.0.0.1"], mesh: static b => b.UseTransport(static _ => new AtOnce()), keys: [("AccessLog:Enabled", "true"), ("AccessLog:SampleRatio", "0.1")]);

        for (int i = 0; i < 2_000; i++)
        {
            await mesh.GetAsync();
        }

        // 200 are expected; a run in a billion is out by six standard deviations.
        Assert.InRange(mesh.Log.Lines.Length, 120, 280);
    }

    [Fact]
    public async Task AccessLog_Reloaded_IsOnAndOffAgain()
    {
        using var mesh = new CallingMesh(["http://10.0.0.1"], mesh: static b => b.UseTransport(static _ => new AtOnce()));
        await mesh.GetAsync();
        Assert.Empty(mesh.Log.Lines);

        mesh.Configuration["AccessLog:Enabled"] = "true";
        mesh.Configuration.Reload();
        await Until.HoldsAsync(() => mesh.GetAsync().GetAwaiter().GetResult() == 200 && mesh.Log.Lines.Length > 0);

        mesh.Configuration["AccessLog:Enabled"] = "false";
        mesh.Configuration.Reload();
        await Until.HoldsAsync(() =>
        {
            int before = mesh.Log.Lines.Length;
            return mesh.GetAsync().GetAwaiter().GetResult() == 200 && mesh.Log.Lines.Length == before;
        });
    }

    [Fact]
    public async Task AccessLog_ServiceThatNobodyKnows_IsALine()
    {
        using var mesh = new CallingMesh([], keys: [("AccessLog:Enabled", "true"), ("Discovery:Sources:0", "Configuration")]);

        await Assert.ThrowsAsync<MeshException>(() => mesh.GetAsync());

        Assert.Equal(("rejected", "no_endpoints", 0), (mesh.Log.Lines.Single().Fields["Outcome"], mesh.Log.Lines.Single().Fields["Reason"], mesh.Log.Lines.Single().Fields["Attempts"]));
    }
}
