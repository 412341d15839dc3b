using System.Text.Json.Nodes;
using Mesh.Client;
using Mesh.IntegrationTests.Cache;
using Mesh.IntegrationTests.Consul.Servers;
using Mesh.IntegrationTests.Wire;
using Mesh.IntegrationTests.Wire.Servers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.IntegrationTests.Consul.Policies;

/// <summary>Policies out of a real Consul's KV store, as a client that runs meets them.</summary>
[Collection(typeof(OnTheWire))]
public sealed class ConsulPoliciesTests
{
    private const string Key = "/v1/kv/mesh/policies/orders";
    private const string Short = """{ "AttemptTimeout": "00:00:00.100", "Timeout": "00:00:00.200", "Retry": { "MaxAttempts": 1 } }""";
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Document_PutChangedAndDeleted_IsFollowedWithinTwoSeconds()
    {
        await using ConsulServer consul = await ConsulServer.StartAsync();
        int calls = 0;
        await using RealServer server = await RealServer.StartAsync(async context =>
        {
            Interlocked.Increment(ref calls);
            await Task.Delay(TimeSpan.FromMilliseconds(400), context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await context.Response.WriteAsync("slow");
        });
        await consul.RegisterAsync("orders", "o1", server.Endpoint.Port);
        using var mesh = new ConsulMesh(consul);
        Assert.Equal("slow", await mesh.CallAsync("orders"));

        await consul.PutAsync(Key, Short);
        await UntilAsync(mesh, cut: true);
        int before = calls;
        Assert.True(await IsCutAsync(mesh));
        Assert.Equal(1, calls - before);

        await consul.PutAsync(Key, """{ "AttemptTimeout": "00:00:00.100", "Timeout": "00:00:10", "Retry": { "MaxAttempts": 2, "BaseDelay": "00:00:00" }, "CircuitBreaker": { "ConsecutiveFailures": 10000 } }""");
        await UntilAsync(() => AttemptsAsync(mesh, () => calls), 2);

        // A bad one is refused, and the old one stays.
        await consul.PutAsync(Key, """{ "AttemptTimeout": "soon" }""");
        await Task.Delay(s_soon, TestContext.Current.CancellationToken);
        Assert.Equal(2, await AttemptsAsync(mesh, () => calls));

        await consul.DeleteAsync(Key);
        await UntilAsync(mesh, cut: false);
    }

    [Fact]
    public async Task Document_WhileConsulIsKilledAndStartedAgain_StaysAndIsFollowedAfter()
    {
        await using ConsulServer consul = await ConsulServer.StartAsync();
        await using RealServer server = await SlowAsync();
        await consul.RegisterAsync("orders", "o1", server.Endpoint.Port);
        await consul.PutAsync(Key, Short);
        using var mesh = new ConsulMesh(consul);
        await UntilAsync(mesh, cut: true);

        consul.Kill();
        for (int i = 0; i < 10; i++)
        {
            Assert.True(await IsCutAsync(mesh));
            await Task.Delay(TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken);
        }

        await consul.StartAgainAsync();
        await consul.RegisterAsync("orders", "o1", server.Endpoint.Port);
        Assert.True(await IsCutAsync(mesh));
        await consul.DeleteAsync(Key);
        await UntilAsync(mesh, cut: false, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Document_OfAConsulThatIsWiped_IsHeldForTheGrace()
    {
        await using ConsulServer consul = await ConsulServer.StartAsync();
        await using RealServer server = await SlowAsync();
        await consul.RegisterAsync("orders", "o1", server.Endpoint.Port);
        for (int i = 0; i < 20; i++)
        {
            // So that its index is beyond that of a Consul which knows nothing.
            await consul.PutAsync(Key, Short);
        }

        using var mesh = new ConsulMesh(consul, mesh: static m => m.ConfigureDiscovery(static d => d.EmptyGrace = TimeSpan.FromSeconds(4)));
        await UntilAsync(mesh, cut: true);

        consul.Wipe();
        await consul.StartAgainAsync();
        await consul.RegisterAsync("orders", "o1", server.Endpoint.Port);
        long back = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(back) < TimeSpan.FromSeconds(2))
        {
            Assert.True(await IsCutAsync(mesh));
        }

        await UntilAsync(mesh, cut: false, TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task Document_ThatTheTokenMayNotReadAnyMore_Stays()
    {
        const string Root = "11111111-1111-1111-1111-111111111111";
        const string Token = "22222222-2222-2222-2222-222222222222";
        await using ConsulServer consul = await ConsulServer.StartAsync(settings: $"acl {{ enabled = true default_policy = \"allow\" tokens {{ master = \"{Root}\" }} }}");
        await using RealServer server = await SlowAsync();
        await consul.RegisterAsync("orders", "o1", server.Endpoint.Port);
        await consul.PutAsync(Key, Short);
        await consul.PutAsync($"/v1/acl/policy?token={Root}", Rules("read"));
        await consul.PutAsync($"/v1/acl/token?token={Root}", $$"""{ "SecretID": "{{Token}}", "Policies": [{ "Name": "mesh" }] }""");
        using var mesh = new ConsulMesh(consul, static options => options.Token = Token);
        await UntilAsync(mesh, cut: true);

        string id = JsonNode.Parse(await consul.GetAsync($"/v1/acl/policy/name/mesh?token={Root}"))!["ID"]!.GetValue<string>();
        await consul.PutAsync($"/v1/acl/policy/{id}?token={Root}", Rules("deny"));

        // The question that waits is answered by the rights that it began with; the next one as though there were no key.
        long denied = TimeProvider.System.GetTimestamp();
        for (int i = 0; TimeProvider.System.GetElapsedTime(denied) < TimeSpan.FromSeconds(4); i++)
        {
            await consul.PutAsync("/v1/kv/mesh/policies/stock", $"{{ \"Retry\": {{ \"MaxAttempts\": {1 + (i % 3)} }} }}");
            Assert.True(await IsCutAsync(mesh));
        }

        await consul.PutAsync($"/v1/acl/policy/{id}?token={Root}", Rules("read"));
        await consul.DeleteAsync(Key);
        await UntilAsync(mesh, cut: false, TimeSpan.FromSeconds(40));

        static string Rules(string right) => $$"""{ "Name": "mesh", "Rules": "key_prefix \"mesh/policies/\" { policy = \"{{right}}\" }" }""";
    }

    [Fact]
    public async Task Process_ThatStartsWhileConsulIsDown_HasTheDocumentsOfTheOneBefore()
    {
        await using ConsulServer consul = await ConsulServer.StartAsync();
        await using RealServer server = await SlowAsync();
        using var folder = new TempFolder();
        await consul.RegisterAsync("orders", "o1", server.Endpoint.Port);
        await consul.PutAsync(Key, Short);
        using (var before = new ConsulMesh(consul, cache: folder.Path))
        {
            await UntilAsync(before, cut: true);
            await UntilAsync(() => Task.FromResult(Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories).Length), 2);
        }

        consul.Kill();
        using var after = new ConsulMesh(consul, cache: folder.Path);
        await UntilAsync(after, cut: true);
        long start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(3))
        {
            Assert.True(await IsCutAsync(after));
        }

        await consul.StartAgainAsync();
        await consul.RegisterAsync("orders", "o1", server.Endpoint.Port);
        Assert.True(await IsCutAsync(after));
        await consul.DeleteAsync(Key);
        await UntilAsync(after, cut: false, TimeSpan.FromSeconds(10));
    }

    private static Task<RealServer> SlowAsync() => RealServer.StartAsync(static async context =>
    {
        await Task.Delay(TimeSpan.FromMilliseconds(400), context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await context.Response.WriteAsync("slow");
    });

    private static async Task<bool> IsCutAsync(ConsulMesh mesh)
    {
        try
        {
            await mesh.CallAsync("orders");
            return false;
        }
        catch (MeshException error)
        {
            Assert.True(error.Error is MeshError.Timeout or MeshError.AttemptTimeout, error.Message);
            return true;
        }
    }

    private static async Task<int> AttemptsAsync(ConsulMesh mesh, Func<int> calls)
    {
        int before = calls();
        await IsCutAsync(mesh);
        return calls() - before;
    }

    private static Task UntilAsync(ConsulMesh mesh, bool cut, TimeSpan? within = null) => UntilAsync(() => IsCutAsync(mesh), cut, within);

    private static async Task UntilAsync<T>(Func<Task<T>> read, T wanted, TimeSpan? within = null)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!Equals(await read(), wanted))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < (within ?? s_soon), $"not {wanted} within {within ?? s_soon}");
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{wanted} after {TimeProvider.System.GetElapsedTime(start).TotalMilliseconds:F0} ms");
    }
}
