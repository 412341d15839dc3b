using System.Net;
using Mesh.Agent.Tests.Health;
using Mesh.Agent.Tests.Support;
using Mesh.Client.AspNetCore.Tests.Lifecycle;
using Mesh.Client.Registration;
using Mesh.Client.Tests.Waiting;
using Microsoft.AspNetCore.Http;

namespace Mesh.Agent.Tests.Inbound;

/// <summary>A local program among the instances of its service.</summary>
public sealed class RegistrationTests
{
    [Fact]
    public async Task Program_WhileItIsWell_IsRegistered()
    {
        int status = StatusCodes.Status503ServiceUnavailable;
        await using Upstream program = await Upstream.StartAsync(context =>
        {
            Assert.Equal("/healthz", context.Request.Path);
            context.Response.StatusCode = Volatile.Read(ref status);
            return Task.CompletedTask;
        });
        var registry = new FakeRegistrar();
        await using TestAgent agent = await InboundAgent.StartAsync(
            program.Uri,
            registry,
            [
                ("Agent:Inbound:0:HealthCheck", "/healthz"),
                ("Agent:Inbound:0:Labels:version", "v1"),
                ("Agent:Inbound:0:Registration:Weight", "7"),
                ("Agent:Inbound:0:Registration:WarmUp", "00:00:00"),
                ("Mesh:Local:Zone", "eu-1"),
            ]);

        await Until.HoldsAsync(() => program.Requests >= 3);
        Assert.Empty(registry.Registered);

        Volatile.Write(ref status, StatusCodes.Status204NoContent);
        await Until.HoldsAsync(() => registry.Registered.Length > 0);
        ServiceInstance instance = registry.Registered[0];
        Assert.Equal(("inventory", "127.0.0.1", agent.Inbound[0].Port, 7), (instance.Service, instance.Host, instance.Port, instance.Weight));
        Assert.Equal(("eu-1", "version=v1"), (instance.Locality.Zone, instance.Labels.ToString()));

        Volatile.Write(ref status, StatusCodes.Status500InternalServerError);
        await Until.HoldsAsync(() => registry.Deregistered.Length > 0);
        Assert.Contains("fails its health check", agent.Log.Of(6006)[0], StringComparison.Ordinal);

        int registered = registry.Registered.Length;
        Volatile.Write(ref status, StatusCodes.Status200OK);
        await Until.HoldsAsync(() => registry.Registered.Length > registered);
    }

    [Fact]
    public async Task Program_WithoutAHealthCheck_IsRegisteredOnceItListens()
    {
        Upstream before = await Upstream.StartAsync();
        Uri uri = before.Uri;
        await before.DisposeAsync();
        var registry = new FakeRegistrar();
        await using TestAgent agent = await InboundAgent.StartAsync(uri, registry);
        await Until.HoldsAsync(() => agent.Log.Of(6007).Length > 0);
        Assert.Contains("does not pass its health check yet", agent.Log.Of(6007)[0], StringComparison.Ordinal);
        Assert.Empty(registry.Registered);

        await using Upstream program = await Upstream.StartAsync(port: uri.Port);

        await Until.HoldsAsync(() => registry.Registered.Length > 0);
    }

    [Theory]
    [InlineData("grpc", "")]
    [InlineData("grpc:inventory.v1.Inventory", "inventory.v1.Inventory")]
    public async Task Program_ThatIsAskedByGrpc_IsRegisteredWhileItServes(string check, string service)
    {
        await using HealthProgram program = await HealthProgram.StartAsync();
        program.IsServing = false;
        var registry = new FakeRegistrar();
        await using TestAgent agent = await InboundAgent.StartAsync(program.Uri, registry, [("Agent:Inbound:0:HealthCheck", check), ("Agent:Inbound:0:Registration:WarmUp", "00:00:00")]);
        await Until.HoldsAsync(() => agent.Log.Of(6007).Length > 0);
        Assert.Contains("NOT_SERVING", agent.Log.Of(6007)[0], StringComparison.Ordinal);
        Assert.Empty(registry.Registered);

        program.IsServing = true;
        await Until.HoldsAsync(() => registry.Registered.Length > 0);
        Assert.Equal(service, program.Asked);

        program.IsServing = false;
        await Until.HoldsAsync(() => registry.Deregistered.Length > 0);
    }

    [Fact]
    public async Task Registration_ThatChanges_CountsAtOnce()
    {
        await using Upstream program = await Upstream.StartAsync();
        var registry = new FakeRegistrar();
        await using TestAgent agent = await InboundAgent.StartAsync(program.Uri, registry, [("Agent:Inbound:0:Registration:WarmUp", "00:00:00")]);
        await Until.HoldsAsync(() => registry.Registered.Length > 0);

        agent.Configuration["Agent:Inbound:0:Registration:Weight"] = "9";
        agent.Configuration.Reload();

        await Until.HoldsAsync(() => registry.Registered.Any(static i => i.Weight == 9));
    }

    [Fact]
    public async Task Stop_OfTheAgent_LosesNothing()
    {
        using var finish = new SemaphoreSlim(0);
        using var begun = new SemaphoreSlim(0);
        await using Upstream orders = await Upstream.StartAsync();
        TestAgent? running = null;
        await using Upstream program = await Upstream.StartAsync(async context =>
        {
            begun.Release();
            await finish.WaitAsync(context.RequestAborted);

            // The program needs its own calls to the end.
            using HttpClient client = running!.Proxied();
            await context.Response.WriteAsync(await client.GetStringAsync(new Uri("http://orders/last"), context.RequestAborted), context.RequestAborted);
        });
        var registry = new FakeRegistrar();
        await using TestAgent agent = running = await InboundAgent.StartAsync(program.Uri, registry, outbound: orders.Uri);
        await Until.HoldsAsync(() => registry.Registered.Length > 0);
        using var caller = new HttpClient { BaseAddress = agent.Inbound[0] };
        Task<string> answer = caller.GetStringAsync(new Uri("/slow", UriKind.Relative), TestContext.Current.CancellationToken);
        await begun.WaitAsync(TestContext.Current.CancellationToken);

        Task stop = agent.StopAsync();
        await Until.HoldsAsync(() => registry.Deregistered.Length > 0);
        Assert.False(stop.IsCompleted);
        finish.Release();

        Assert.StartsWith("HTTP/1.1 GET /last\n", await answer, StringComparison.Ordinal);
        await stop.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<HttpRequestException>(() => caller.GetAsync(new Uri("/after", UriKind.Relative), HttpCompletionOption.ResponseContentRead, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Drain_OfTheAgent_ServesOnAndClosesConnections()
    {
        await using Upstream program = await Upstream.StartAsync();
        var registry = new FakeRegistrar();
        await using TestAgent agent = await InboundAgent.StartAsync(program.Uri, registry, [("Agent:Inbound:0:Registration:DrainDelay", "00:00:02")]);
        await Until.HoldsAsync(() => registry.Registered.Length > 0);
        using var caller = new HttpClient { BaseAddress = agent.Inbound[0] };

        Task stop = agent.StopAsync();
        await Until.HoldsAsync(() => registry.Deregistered.Length > 0);
        using HttpResponseMessage answer = await caller.GetAsync(new Uri("/late", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.OK, true), (answer.StatusCode, answer.Headers.ConnectionClose));
        using var admin = new HttpClient();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await admin.GetAsync(new Uri(agent.Admin, "/readyz"), TestContext.Current.CancellationToken)).StatusCode);
        await stop;
    }
}
