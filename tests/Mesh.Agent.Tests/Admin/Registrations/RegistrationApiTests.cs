using System.Text.Json;
using Mesh.Agent.Tests.Support;
using Mesh.Client.AspNetCore.Tests.Lifecycle;
using Mesh.Client.Registration;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Agent.Tests.Admin.Registrations;

/// <summary>Programs that register themselves.</summary>
public sealed class RegistrationApiTests
{
    private const string Body = """{ "service": "inventory", "address": "10.0.0.7:9000", "ttl": "00:10:00" }""";

    [Fact]
    public async Task Put_OfAProgram_RegistersItOnceAndFollowsWhatItSays()
    {
        var registry = new FakeRegistrar();
        await using TestAgent agent = await RegistryAgent.StartAsync(registry);
        using var program = new AdminCaller(agent);

        (int status, JsonElement body) = await program.PutAsync("inventory-1", """{ "service": "inventory", "address": "http://10.0.0.7:9000", "labels": { "version": "v1" }, "weight": 3 }""");

        Assert.Equal((201, "registered", "http://10.0.0.7:9000"), (status, body.GetProperty("state").GetString(), body.GetProperty("address").GetString()));
        Assert.InRange(body.GetProperty("expiresIn").GetDouble(), 20, 30);
        ServiceInstance instance = Assert.Single(registry.Registered);
        Assert.Equal(("inventory-1", "inventory", "10.0.0.7", 9000, 3), (instance.Id, instance.Service, instance.Host, instance.Port, instance.Weight));
        Assert.Equal(("http", "eu-1", "version=v1"), (instance.Scheme, instance.Locality.Zone, instance.Labels.ToString()));
        Assert.Equal(InstanceCheckType.Ttl, Assert.Single(instance.Checks).Type);

        // The same again is not said to the registry again.
        Assert.Equal(200, (await program.PutAsync("inventory-1", """{ "Service": "inventory", "Address": "http://10.0.0.7:9000", "Labels": { "version": "v1" }, "Weight": 3 }""")).Status);
        Assert.Single(registry.Registered);

        Assert.Equal(200, (await program.PutAsync("inventory-1", """{ "service": "inventory", "address": "http://10.0.0.7:9000", "labels": { "version": "v2" }, "weight": 5, "zone": "eu-2" }""")).Status);
        Assert.Equal(("version=v2", 5, "eu-2"), (registry.Registered[1].Labels.ToString(), registry.Registered[1].Weight, registry.Registered[1].Locality.Zone));
        Assert.Empty(registry.Deregistered);

        Assert.Equal(1, (await program.GetAsync("/v1/registrations")).Body.GetProperty("items").GetArrayLength());
        Assert.Equal(204, (await program.DeleteAsync("inventory-1")).Status);
        Assert.Equal(["inventory-1"], registry.Deregistered);
        Assert.Equal(404, (await program.DeleteAsync("inventory-1")).Status);
        Assert.Equal(404, (await program.GetAsync("/v1/registrations/inventory-1")).Status);
    }

    [Fact]
    public async Task Put_WithAPortAlone_AddsAnAddressOfTheMachine()
    {
        var registry = new FakeRegistrar();
        await using TestAgent agent = await RegistryAgent.StartAsync(registry);
        using var program = new AdminCaller(agent);

        Assert.Equal(201, (await program.PutAsync("a", """{ "service": "inventory", "port": 9000 }""")).Status);
        Assert.Equal(201, (await program.PutAsync("b", """{ "service": "inventory", "address": "inventory.internal", "port": 9000 }""")).Status);

        Assert.Equal(9000, registry.Registered[0].Port);
        Assert.NotEmpty(registry.Registered[0].Host);
        Assert.Equal(("inventory.internal", 9000), (registry.Registered[1].Host, registry.Registered[1].Port));
    }

    [Fact]
    public async Task Put_ToAnotherAddress_TakesTheFirstOutBefore()
    {
        var registry = new FakeRegistrar();
        await using TestAgent agent = await RegistryAgent.StartAsync(registry);
        using var program = new AdminCaller(agent);
        await program.PutAsync("a", Body);

        Assert.Equal(200, (await program.PutAsync("a", Body.Replace("9000", "9001", StringComparison.Ordinal))).Status);

        Assert.Equal([9000, 9001], registry.Registered.Select(static i => i.Port));
        Assert.Equal(["a"], registry.Deregistered);
    }

    [Fact]
    public async Task Silence_LongerThanTheTtl_TakesTheProgramOut()
    {
        var registry = new FakeRegistrar();
        await using TestAgent agent = await RegistryAgent.StartAsync(registry);
        using var program = new AdminCaller(agent);
        await program.PutAsync("a", Body.Replace("00:10:00", "00:00:01", StringComparison.Ordinal));
        await program.PutAsync("b", Body.Replace("9000", "9001", StringComparison.Ordinal));

        await Until.HoldsAsync(() => registry.Deregistered.Length > 0);

        Assert.Equal(["a"], registry.Deregistered);
        Assert.Null(await program.StateAsync("a"));
        Assert.Equal("a of inventory is taken out of the registry: no PUT for its ttl of 00:00:01", Assert.Single(agent.Log.Of(6021)));

        // It comes back as if it were new.
        Assert.Equal(201, (await program.PutAsync("a", Body)).Status);
    }

    [Theory]
    [InlineData("""{ }""", "registration has no Service", "registration has neither Address nor Port")]
    [InlineData("""{ "service": "local host", "address": "0.0.0.0:80" }""", "registration:service = \"local host\" is not a host name", "registration:address = \"0.0.0.0:80\" is every address of a machine")]
    [InlineData("""{ "service": "a", "address": "b", "weight": -1, "ttl": "30" }""", "registration:weight = \"-1\" is out of range", "registration:ttl = \"30\" is not a duration", "has no port")]
    [InlineData("""{ "service": "a", "address": "b:80", "port": 81, "wieght": 2 }""", "registration:Port = \"81\" is not the port of Address, 80", "registration:wieght = \"2\" is no key of the mesh; did you mean \"Weight\"?")]
    [InlineData("""{ "service": "a", "address": "b:80", "healthCheck": "healthz", "ttl": "00:00:00.100" }""", "registration:healthCheck = \"healthz\" is no health check", "registration:ttl = \"00:00:00.100\" is out of range; write a duration from 00:00:01 to 1.00:00:00")]
    [InlineData("""{ "service": "a", "address": "b:80", "labels": { "x": { "y": "z" } } }""", "registration:labels:x is a single value")]
    [InlineData("""[ ]""", "registration cannot be read as JSON")]
    [InlineData("""{ "service": """, "registration cannot be read as JSON")]
    [InlineData("", "registration cannot be read as JSON")]
    [InlineData("""{ "service": "a", "Service": "b", "address": "b:80" }""", "registration cannot be read as JSON")]
    public async Task Put_OfABadBody_NamesEveryError(string json, params string[] parts)
    {
        var registry = new FakeRegistrar();
        await using TestAgent agent = await RegistryAgent.StartAsync(registry);
        using var program = new AdminCaller(agent);

        (int status, JsonElement body) = await program.PutAsync("a", json);

        Assert.Equal((400, 400, "Bad Request"), (status, body.GetProperty("status").GetInt32(), body.GetProperty("title").GetString()));
        Assert.All(parts, part => Assert.Contains(part, body.GetProperty("detail").GetString()!, StringComparison.Ordinal));
        Assert.Equal(parts.Length, body.GetProperty("errors").GetArrayLength());
        Assert.Empty(registry.Registered);
        Assert.Null(await program.StateAsync("a"));
    }

    [Theory]
    [InlineData("a%20b")]
    [InlineData("a%2Fb")]
    [InlineData("..%2E")]
    [InlineData("%C3%A9")]
    [InlineData("-")]
    public async Task Put_UnderABadId_SaysSo(string id)
    {
        await using TestAgent agent = await RegistryAgent.StartAsync(new FakeRegistrar());
        using var program = new AdminCaller(agent);

        (int status, JsonElement body) = await program.PutAsync(id, Body);

        Assert.Equal(400, status);
        Assert.Contains("is no id of an instance", body.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Put_OfALongBody_IsRefused(bool isChunked)
    {
        await using TestAgent agent = await RegistryAgent.StartAsync(new FakeRegistrar());
        using var program = new AdminCaller(agent);
        string json = Body.Replace("inventory", new string('a', 70_000), StringComparison.Ordinal);

        (int status, _) = await program.SendAsync(HttpMethod.Put, "/v1/registrations/a", json, isChunked ? [("Transfer-Encoding", "chunked")] : []);

        Assert.Equal(413, status);
    }

    [Theory]
    [InlineData(403, "Content-Type", "text/plain")]
    [InlineData(403, "Content-Type", "application/x-www-form-urlencoded")]
    [InlineData(201, "Content-Type", "application/json; charset=utf-8")]
    [InlineData(201, "Content-Type", "text/plain", "X-Mesh-Admin", "1")]
    [InlineData(403, "Host", "rebound.example")]
    [InlineData(403, "Origin", "http://evil.example")]
    [InlineData(403, "Sec-Fetch-Site", "cross-site")]
    [InlineData(403, "X-Forwarded-For", "127.0.0.1")]
    public async Task Put_OfWhoMayNot_IsRefused(int expected, params string[] headers)
    {
        var registry = new FakeRegistrar();
        await using TestAgent agent = await RegistryAgent.StartAsync(registry);
        using var program = new AdminCaller(agent);

        (int status, JsonElement body) = await program.SendAsync(HttpMethod.Put, "/v1/registrations/a", Body, [.. headers.Chunk(2).Select(static h => (h[0], h[1]))]);

        Assert.Equal(expected, status);
        Assert.Equal(expected == 201, registry.Registered.Length == 1);
        Assert.Equal(expected == 201, body.TryGetProperty("id", out _));
    }

    [Fact]
    public async Task Delete_WithoutTheHeader_IsRefused()
    {
        var registry = new FakeRegistrar();
        await using TestAgent agent = await RegistryAgent.StartAsync(registry);
        using var program = new AdminCaller(agent);
        await program.PutAsync("a", Body);

        Assert.Equal(403, (await program.SendAsync(HttpMethod.Delete, "/v1/registrations/a", null)).Status);
        Assert.Empty(registry.Deregistered);
    }

    [Fact]
    public async Task Put_ThatTheRegistryCannotHold_IsRefusedAndLeavesWhatWas()
    {
        var registry = new FakeRegistrar
        {
            OnRegister = static (instance, _) => instance.Labels.ContainsKey("mesh-own") ? throw new ArgumentException("label mesh-own cannot be registered") : Task.CompletedTask,
        };
        await using TestAgent agent = await RegistryAgent.StartAsync(registry);
        using var program = new AdminCaller(agent);
        string bad = Body.Replace("\"ttl\"", "\"labels\": { \"mesh-own\": \"1\" }, \"ttl\"", StringComparison.Ordinal);

        (int status, JsonElement body) = await program.PutAsync("a", bad);
        Assert.Equal((400, "label mesh-own cannot be registered"), (status, body.GetProperty("detail").GetString()));
        Assert.Null(await program.StateAsync("a"));

        Assert.Equal(201, (await program.PutAsync("a", Body)).Status);
        Assert.Equal(400, (await program.PutAsync("a", bad)).Status);
        (_, JsonElement after) = await program.GetAsync("/v1/registrations/a");
        Assert.False(after.GetProperty("labels").TryGetProperty("mesh-own", out _));
    }

    [Fact]
    public async Task Put_OfAnIdThatIsTaken_IsAConflict()
    {
        var registry = new FakeRegistrar { OnRegister = static (instance, _) => throw new InstanceConflictException(instance.Id, "the id is taken") };
        await using TestAgent agent = await RegistryAgent.StartAsync(registry);
        using var program = new AdminCaller(agent);

        (int status, JsonElement body) = await program.PutAsync("a", Body);

        Assert.Equal((409, "the id is taken"), (status, body.GetProperty("detail").GetString()));
        Assert.Null(await program.StateAsync("a"));
    }

    [Fact]
    public async Task Put_WhileTheRegistryIsAway_IsKeptAndMadeGood()
    {
        bool isAway = true;
        var registry = new FakeRegistrar { OnRegister = (_, _) => Volatile.Read(ref isAway) ? throw new IOException("no connection") : Task.CompletedTask };
        await using TestAgent agent = await RegistryAgent.StartAsync(registry);
        using var program = new AdminCaller(agent);

        (int status, JsonElement body) = await program.PutAsync("a", Body);
        Assert.Equal((202, "pending"), (status, body.GetProperty("state").GetString()));
        Assert.Contains("no connection", body.GetProperty("reason").GetString(), StringComparison.Ordinal);

        Volatile.Write(ref isAway, false);
        await Until.HoldsAsync(() => registry.Registered.Length == 1);
    }

    [Fact]
    public async Task Put_WithoutARegistry_SaysWhatToDo()
    {
        await using TestAgent agent = await TestAgent.StartAsync([]);
        using var program = new AdminCaller(agent);

        (int status, JsonElement body) = await program.PutAsync("a", Body);

        Assert.Equal(503, status);
        Assert.Contains("Mesh:Consul", body.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_OfTheAgent_TakesAllOutAndWorksOn()
    {
        var registry = new FakeRegistrar();
        await using TestAgent agent = await RegistryAgent.StartAsync(registry, ("Agent:DrainDelay", "00:00:02"));
        using var program = new AdminCaller(agent);
        await program.PutAsync("a", Body);
        await program.PutAsync("b", Body.Replace("9000", "9001", StringComparison.Ordinal));

        Task stop = agent.StopAsync();
        await Until.HoldsAsync(() => registry.Deregistered.Length == 2);

        Assert.Equal(503, (await program.PutAsync("a", Body)).Status);
        Assert.Equal(503, (await program.GetAsync("/readyz")).Status);
        Assert.False(stop.IsCompleted);
        await stop;
        Assert.Equal(2, registry.Registered.Length);
    }
}
