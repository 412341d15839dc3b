using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Mesh.Agent.Tests.Health;
using Mesh.Agent.Tests.Support;
using Mesh.Client.AspNetCore.Tests.Lifecycle;
using Mesh.Client.Tests.Waiting;
using Microsoft.AspNetCore.Http;

namespace Mesh.Agent.Tests.Admin.Registrations;

/// <summary>Programs that register themselves and are asked whether they are well.</summary>
public sealed class HealthCheckTests
{
    [Fact]
    public async Task Program_WhileItsPathAnswers_IsRegistered()
    {
        int status = StatusCodes.Status503ServiceUnavailable;
        await using Upstream program = await Upstream.StartAsync(context =>
        {
            Assert.Equal("/healthz", context.Request.Path);
            context.Response.StatusCode = Volatile.Read(ref status);
            return Task.CompletedTask;
        });
        var registry = new FakeRegistrar();
        await using TestAgent agent = await RegistryAgent.StartAsync(registry);
        using var caller = new AdminCaller(agent);

        (int code, JsonElement body) = await caller.PutAsync("a", Body(program.Uri, "/healthz"));
        Assert.Equal((202, "waiting", false), (code, body.GetProperty("state").GetString(), body.TryGetProperty("expiresIn", out _)));
        await Until.HoldsAsync(() => program.Requests >= 2);
        Assert.Empty(registry.Registered);

        Volatile.Write(ref status, StatusCodes.Status200OK);
        await Until.HoldsAsync(() => registry.Registered.Length == 1);
        Assert.Equal("registered", await caller.StateAsync("a"));

        Volatile.Write(ref status, StatusCodes.Status500InternalServerError);
        await Until.HoldsAsync(() => registry.Deregistered.Length == 1);
        Assert.Equal("waiting", await caller.StateAsync("a"));
        Assert.Contains("/healthz answered 500", Assert.Single(agent.Log.Of(6023)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("grpc", "")]
    [InlineData("grpc:inventory.v1.Inventory", "inventory.v1.Inventory")]
    public async Task Program_ThatServesByGrpc_IsRegistered(string check, string service)
    {
        await using HealthProgram program = await HealthProgram.StartAsync();
        var registry = new FakeRegistrar();
        await using TestAgent agent = await RegistryAgent.StartAsync(registry);
        using var caller = new AdminCaller(agent);

        await caller.PutAsync("a", Body(program.Uri, check));

        await Until.HoldsAsync(() => registry.Registered.Length == 1);
        Assert.Equal(service, program.Asked);
        program.IsServing = false;
        await Until.HoldsAsync(() => registry.Deregistered.Length == 1);
    }

    [Fact]
    public async Task Program_ThatTakesConnections_IsRegistered()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var registry = new FakeRegistrar();
        await using TestAgent agent = await RegistryAgent.StartAsync(registry);
        using var caller = new AdminCaller(agent);

        await caller.PutAsync("a", Body(new Uri($"http://{listener.LocalEndpoint}"), "tcp"));

        await Until.HoldsAsync(() => registry.Registered.Length == 1);
        listener.Stop();
        await Until.HoldsAsync(() => registry.Deregistered.Length == 1);
    }

    [Fact]
    public async Task Check_AtAnotherAddress_IsAskedThere()
    {
        await using Upstream program = await Upstream.StartAsync();
        var registry = new FakeRegistrar();
        await using TestAgent agent = await RegistryAgent.StartAsync(registry);
        using var caller = new AdminCaller(agent);

        await caller.PutAsync("a", $$"""{ "service": "inventory", "address": "10.255.255.1:9000", "healthCheck": "/", "healthInterval": "00:00:00.100", "healthAddress": "127.0.0.1:{{program.Uri.Port}}" }""");

        await Until.HoldsAsync(() => registry.Registered.Length == 1);
        Assert.Equal("10.255.255.1", registry.Registered[0].Host);
    }

    private static string Body(Uri program, string check) => $$"""{ "service": "inventory", "address": "127.0.0.1:{{program.Port}}", "healthCheck": "{{check}}", "healthInterval": "00:00:00.100" }""";
}
