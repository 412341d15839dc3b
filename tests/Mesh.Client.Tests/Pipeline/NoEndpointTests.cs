using System.Net;
using Mesh.Client.Model;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.Tests.Pipeline;

public sealed class NoEndpointTests
{
    private static readonly string[] Two = ["10.0.0.1:80", "10.0.0.2:80"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SendAsync_NoSourceKnowsTheService_NamesTheSourcesThatWereAsked()
    {
        using var mesh = new ScriptedMesh();

        var error = await Assert.ThrowsAsync<MeshException>(() => mesh.Client.GetAsync("http://billing.mesh/x", Token));

        Assert.Equal((MeshError.NoEndpoints, "billing"), (error.Error, error.ServiceName));
        Assert.Equal(HttpRequestError.NameResolutionError, error.HttpRequestError);
        AssertHas(error, "\"billing\"", "InMemory", "Configuration", "Dns", "Mesh:Services:billing:Endpoints");
    }

    [Fact]
    public async Task SendAsync_NoneIsKnown_SaysSoAndNamesTheSource()
    {
        using var mesh = new ScriptedMesh();
        mesh.Registry.SetEmpty("orders", confirmed: true);

        var error = await Assert.ThrowsAsync<MeshException>(() => mesh.Client.GetAsync("http://orders/x", Token));

        Assert.Equal(MeshError.NoEndpoints, error.Error);
        AssertHas(error, "\"orders\"", "none is known", "InMemory", "Mesh:Services:orders:Endpoints");
    }

    [Fact]
    public async Task SendAsync_AllAreEjectedAndFailFast_NamesThemAndWhy()
    {
        using var mesh = new ScriptedMesh(
            static options =>
            {
                options.CircuitBreaker.FailFast = true;
                options.CircuitBreaker.ConsecutiveFailures = 1;
                options.CircuitBreaker.MaxEjectionPercent = 100;
                options.Retry.MaxAttempts = 1;
            },
            Two);
        mesh[1].Reset().Always();
        mesh[2].Reset().Always();
        await Assert.ThrowsAsync<HttpRequestException>(() => mesh.Client.GetAsync("http://orders/x", Token));
        await Assert.ThrowsAsync<HttpRequestException>(() => mesh.Client.GetAsync("http://orders/x", Token));

        var error = await Assert.ThrowsAsync<MeshException>(() => mesh.Client.GetAsync("http://orders/x", Token));

        Assert.Equal(MeshError.NoEndpointAvailable, error.Error);
        AssertHas(error, "\"orders\"", "2 endpoints", "2 out", "10.0.0.1:80", "10.0.0.2:80", "ConsecutiveFailures", "InMemory", "FailFast");
        Assert.Equal((1, 1), (mesh[1].Calls, mesh[2].Calls));
    }

    [Fact]
    public async Task SendAsync_ManyAreEjected_NamesAFew()
    {
        string[] endpoints = [.. Enumerable.Range(1, 50).Select(static i => $"10.0.0.{i}:80")];
        using var mesh = new ScriptedMesh(
            static options =>
            {
                options.CircuitBreaker.FailFast = true;
                options.CircuitBreaker.ConsecutiveFailures = 1;
                options.CircuitBreaker.MaxEjectionPercent = 100;
                options.Retry.MaxAttempts = 1;
                options.LoadBalancing.PanicThreshold = 0.01;
            },
            endpoints);
        for (int i = 1; i <= 50; i++)
        {
            mesh[i].Reset().Always();
            await Assert.ThrowsAsync<HttpRequestException>(() => mesh.Client.GetAsync("http://orders/x", Token));
        }

        var error = await Assert.ThrowsAsync<MeshException>(() => mesh.Client.GetAsync("http://orders/x", Token));

        AssertHas(error, "50 endpoints", "50 out", "…");
        Assert.InRange(error.Message.Length, 100, 1000);
    }

    [Fact]
    public async Task SendAsync_TheRestWasTriedAlready_TellsTheFirstFailureToo()
    {
        using var mesh = new ScriptedMesh(static options =>
        {
            options.CircuitBreaker.FailFast = true;
            options.CircuitBreaker.ConsecutiveFailures = 1;
        });
        mesh[1].RefuseConnection().Always();

        var error = await Assert.ThrowsAsync<MeshException>(() => mesh.Client.GetAsync("http://orders/x", Token));

        Assert.Equal(MeshError.NoEndpointAvailable, error.Error);
        AssertHas(error, "10.0.0.1:80", "1 tried already");
        Assert.Equal(HttpRequestError.ConnectionError, Assert.IsType<HttpRequestException>(error.InnerException).HttpRequestError);
    }

    [Theory]
    [InlineData("https", "http")]
    [InlineData("http", "https")]
    public async Task SendAsync_NoneServesTheScheme_SaysWhichWould(string asked, string served)
    {
        using var mesh = new ScriptedMesh();
        mesh.Registry.Set("orders", new MeshEndpoint("10.0.0.1", 80) { Scheme = served });

        var error = await Assert.ThrowsAsync<MeshException>(() => mesh.Client.GetAsync($"{asked}://orders/x", Token));

        Assert.Equal(MeshError.NoEndpointAvailable, error.Error);
        AssertHas(error, "\"orders\"", $"serves {asked}", $"{served}://10.0.0.1:80", $"{served}://orders", "https+http://orders");
        Assert.Equal(0, mesh[1].Calls);
    }

    [Fact]
    public async Task SendAsync_RedirectedTowardsNothing_NamesTheTarget()
    {
        using var mesh = new ScriptedMesh();
        mesh[1].Reply(static _ => new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = new Uri("http://billing.mesh/y") } });

        var error = await Assert.ThrowsAsync<MeshException>(() => mesh.Client.GetAsync("http://orders/x", Token));

        Assert.Equal("billing", error.ServiceName);
    }

    [Fact]
    public async Task SendAsync_NoSourceAnswers_EndsAfterTheFirstResolveTimeoutAndSaysSo()
    {
        using var mesh = new ScriptedMesh(mesh: static m => m.AddEndpointSource(new SilentSource()).ConfigureDiscovery(static d => d.Sources = ["Silent", "InMemory"]));

        Task<HttpResponseMessage> call = mesh.Client.GetAsync("http://orders/x", Token);
        await mesh.Clock.AdvanceUntilAsync(() => call.IsCompleted, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5.1), Token);

        var error = await Assert.ThrowsAsync<MeshException>(() => call);
        Assert.Equal(MeshError.DiscoveryTimeout, error.Error);
        AssertHas(error, "\"orders\"", "FirstResolveTimeout 00:00:05");
    }

    private static void AssertHas(Exception error, params string[] parts) =>
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
}
