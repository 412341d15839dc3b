using Mesh.Client.Health;
using Mesh.Client.Services;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Mesh.Client.AspNetCore.Tests;

public sealed class MeshHealthCheckTests
{
    private static readonly EndpointStatus Well = Endpoint("10.0.0.1:80", BreakerState.Closed, "");
    private static readonly EndpointStatus Open = Endpoint("10.0.0.2:80", BreakerState.Open, "open: FailureRatio");
    private static readonly EndpointStatus Drained = Well with { Address = "10.0.0.3:80", IsMember = false, IsUsable = false, Reason = "weight 0" };

    public static TheoryData<string, HealthStatus, string> Cases => new()
    {
        { "well", HealthStatus.Healthy, "1 of 1 endpoints usable" },
        { "drained beside", HealthStatus.Healthy, "1 of 1 endpoints usable" },
        { "one out", HealthStatus.Degraded, "1 of 2 endpoints usable (10.0.0.2:80 open: FailureRatio)" },
        { "panic", HealthStatus.Degraded, "1 of 1 endpoints usable; in panic" },
        { "source fails", HealthStatus.Degraded, "1 of 1 endpoints usable; source failing (Consul: no route)" },
        { "all out", HealthStatus.Unhealthy, "none of its 1 endpoints is usable (10.0.0.2:80 open: FailureRatio)" },
        { "all drained", HealthStatus.Unhealthy, "it has no endpoint that takes calls" },
        { "unresolved", HealthStatus.Unhealthy, "its endpoints are not known (asked Dns: no answer yet)" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Check_AService_JudgesAndSaysWhy(string name, HealthStatus expected, string text)
    {
        ServiceStatus service = name switch
        {
            "well" => Service(Well),
            "drained beside" => Service(Well, Drained),
            "one out" => Service(Well, Open),
            "panic" => Service(Well) with { InPanic = true },
            "source fails" => Service(Well) with { Source = new SourceStatus { Name = "Consul", Error = "Consul: no route" } },
            "all out" => Service(Open),
            "all drained" => Service(Drained),
            _ => Service() with { IsResolved = false, Source = new SourceStatus { Asked = "Dns: no answer yet" } },
        };

        HealthCheckResult result = await CheckAsync([service]);

        Assert.Equal(expected, result.Status);
        Assert.Equal(text, result.Data["orders"]);
    }

    [Fact]
    public async Task Check_NothingInUse_IsHealthy() => Assert.Equal(HealthStatus.Healthy, (await CheckAsync([])).Status);

    [Fact]
    public async Task Check_SeveralServices_IsAsTheWorstAndNamesIt()
    {
        HealthCheckResult result = await CheckAsync([Service(Well), Service(Open) with { Name = "stock" }, Service(Well, Open) with { Name = "users", Port = 81 }]);

        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.StartsWith("stock: none of its", result.Description, StringComparison.Ordinal);
        Assert.Equal(["orders", "stock", "users:81"], result.Data.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Check_TwoServicesOfOneName_TellsOfTheWorse()
    {
        HealthCheckResult result = await CheckAsync([Service(Well), Service(Open), Service(Well, Open)]);

        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.StartsWith("none of its", (string)Assert.Single(result.Data).Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_NamedServices_LooksAtThemAlone()
    {
        HealthCheckResult result = await CheckAsync([Service(Well), Service(Open) with { Name = "stock" }], services: ["Orders", "later"]);

        Assert.Equal(HealthStatus.Healthy, result.Status);
        Assert.Equal("not in use yet", result.Data["later"]);
        Assert.False(result.Data.ContainsKey("stock"));
    }

    [Fact]
    public async Task Check_FailureStatus_IsWhatAnUnhealthyServiceMakesIt()
    {
        Assert.Equal(HealthStatus.Degraded, (await CheckAsync([Service(Open)], HealthStatus.Degraded)).Status);
    }

    [Fact]
    public void AddMesh_WithoutAMesh_SaysWhatToCall()
    {
        var services = new ServiceCollection();
        services.AddHealthChecks().AddMesh();
        using ServiceProvider provider = services.BuildServiceProvider();
        HealthCheckRegistration registration = Registration(provider);

        Assert.Contains("services.AddMesh(", Assert.Throws<InvalidOperationException>(() => registration.Factory(provider)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddMesh_NameTagsAndFailureStatus_AreThoseOfTheRegistration()
    {
        var services = new ServiceCollection();
        services.AddHealthChecks().AddMesh("callees", HealthStatus.Degraded, ["ready"]);
        using ServiceProvider provider = services.BuildServiceProvider();

        HealthCheckRegistration registration = Registration(provider);

        Assert.Equal(("callees", HealthStatus.Degraded, "ready"), (registration.Name, registration.FailureStatus, Assert.Single(registration.Tags)));
    }

    private static HealthCheckRegistration Registration(ServiceProvider provider) =>
        Assert.Single(provider.GetRequiredService<Microsoft.Extensions.Options.IOptions<HealthCheckServiceOptions>>().Value.Registrations);

    private static async Task<HealthCheckResult> CheckAsync(ServiceStatus[] inUse, HealthStatus? failureStatus = null, string[]? services = null)
    {
        var check = new MeshHealthCheck(new FixedStatus(inUse), services ?? []);
        var context = new HealthCheckContext { Registration = new HealthCheckRegistration("mesh", check, failureStatus, null) };
        Task<HealthCheckResult> result = check.CheckHealthAsync(context, TestContext.Current.CancellationToken);
        Assert.True(result.IsCompleted);
        return await result;
    }

    private static EndpointStatus Endpoint(string address, BreakerState state, string reason) => new()
    {
        Address = address,
        Weight = 1,
        State = state,
        Reason = reason,
        IsMember = true,
        IsUsable = state is BreakerState.Closed,
        Window = new WindowStatus(0, 0, 0, 0),
    };

    private static ServiceStatus Service(params EndpointStatus[] endpoints) => new() { Name = "orders", IsResolved = true, Source = new SourceStatus { Name = "Consul" }, Endpoints = [.. endpoints] };
}
