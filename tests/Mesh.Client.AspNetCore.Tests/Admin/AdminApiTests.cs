using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.AspNetCore.Tests.Admin;

public sealed class AdminApiTests
{
    private static readonly (string, string) s_header = ("X-Mesh-Admin", "1");

    [Fact]
    public async Task Services_AnEndpointIsEjected_SaysSoWithReasonAndTime()
    {
        await using AdminApp app = await AdminApp.StartAsync([("Services:orders:Retry:MaxAttempts", "1"), ("Services:orders:LoadBalancing:Policy", "RoundRobin")]);
        await app.UseAsync("10.0.0.1:80", "10.0.0.2:80");
        app.Transport["10.0.0.2:80"].Reply(HttpStatusCode.BadGateway).Always();
        for (int i = 0; i < 12; i++)
        {
            await app.CallAsync();
        }

        JsonElement orders = (await app.ReadAsync("/services")).GetProperty("items")[0];

        Assert.Equal(("orders", 1, 1, false, "RoundRobin"), (Text(orders, "id"), Int(orders, "usable"), Int(orders, "out"), orders.GetProperty("inPanic").GetBoolean(), Text(orders, "balancer")));
        JsonElement well = orders.GetProperty("endpoints")[0], ill = orders.GetProperty("endpoints")[1];
        Assert.Equal(("10.0.0.1:80", "healthy", ""), (Text(well, "address"), Text(well, "condition"), Text(well, "reason")));
        Assert.Equal(("10.0.0.2:80", "ejected", "open: ConsecutiveFailures"), (Text(ill, "address"), Text(ill, "condition"), Text(ill, "reason")));
        Assert.Equal(app.Clock.GetUtcNow() + TimeSpan.FromSeconds(5), ill.GetProperty("breaker").GetProperty("dueAt").GetDateTimeOffset());
        Assert.Equal(JsonValueKind.Null, well.GetProperty("breaker").GetProperty("dueAt").ValueKind);
        JsonElement ejected = (await app.ReadAsync("/events")).GetProperty("items").EnumerateArray().Single(static e => Int(e, "id") == 2005);
        Assert.Equal(("orders", "10.0.0.2:80", "warning"), (Text(ejected, "service"), Text(ejected, "endpoint"), Text(ejected, "level")));
    }

    [Fact]
    public async Task Services_WhileSomebodyLooks_TellsTheTraffic()
    {
        await using AdminApp app = await AdminApp.StartAsync([("Services:orders:LoadBalancing:Policy", "RoundRobin"), ("Services:orders:Retry:MaxAttempts", "1")]);
        await app.UseAsync("10.0.0.1:80", "10.0.0.2:80");
        Assert.Null(app.Status.GetServices()[0].Traffic);
        await app.ReadAsync("/services");
        app.Transport["10.0.0.2:80"].Reply(HttpStatusCode.InternalServerError).Times(5);
        for (int i = 0; i < 40; i++)
        {
            await app.CallAsync();
            app.Clock.Advance(TimeSpan.FromMilliseconds(50));
        }

        JsonElement orders = (await app.ReadAsync("/services/orders")).GetProperty("traffic");
        Assert.Equal((20.0, 0.125), (orders.GetProperty("callsPerSecond").GetDouble(), orders.GetProperty("errorShare").GetDouble()));

        app.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Null(app.Status.GetServices()[0].Traffic);
    }

    [Fact]
    public async Task IsolateAndRelease_OneEndpoint_GetsNoCallUntilItIsReleased()
    {
        await using AdminApp app = await AdminApp.StartAsync();
        await app.UseAsync("10.0.0.1:80", "[::1]:81");
        Assert.Equal(HttpStatusCode.NoContent, await app.SayAsync(HttpMethod.Put, "orders", "[::1]:81", s_header));
        Assert.Equal(HttpStatusCode.NoContent, await app.SayAsync(HttpMethod.Put, "orders", "[::1]:81", s_header));
        int before = app.Transport["[::1]:81"].Calls;
        for (int i = 0; i < 20; i++)
        {
            await app.CallAsync();
        }

        Assert.Equal(before, app.Transport["[::1]:81"].Calls);
        Assert.Equal("isolated", Text((await app.ReadAsync("/services/orders")).GetProperty("endpoints")[1], "condition"));
        Assert.Equal(HttpStatusCode.NoContent, await app.SayAsync(HttpMethod.Delete, "orders", "[::1]:81", s_header));
        Assert.Equal("healthy", Text((await app.ReadAsync("/services/orders")).GetProperty("endpoints")[1], "condition"));
    }

    [Theory]
    [InlineData("orders", "10.0.0.9:80")]
    [InlineData("stock", "10.0.0.1:80")]
    public async Task Isolate_WhatIsNotThere_IsNotFound(string service, string endpoint)
    {
        await using AdminApp app = await AdminApp.StartAsync();
        await app.UseAsync("10.0.0.1:80");

        Assert.Equal(HttpStatusCode.NotFound, await app.SayAsync(HttpMethod.Put, service, endpoint, s_header));
    }

    [Fact]
    public async Task Isolate_WithoutTheHeaderOrReadOnly_IsRefusedAndChangesNothing()
    {
        await using (AdminApp app = await AdminApp.StartAsync())
        {
            await app.UseAsync("10.0.0.1:80");
            Assert.Equal(HttpStatusCode.Forbidden, await app.SayAsync(HttpMethod.Put, "orders", "10.0.0.1:80"));
            Assert.Equal(HttpStatusCode.Forbidden, await app.SayAsync(HttpMethod.Put, "orders", "10.0.0.1:80", ("X-Mesh-Admin", "yes")));
            Assert.Equal(HttpStatusCode.Forbidden, await app.SayAsync(HttpMethod.Put, "orders", "10.0.0.1:80", s_header, ("Origin", "http://evil.example")));
            Assert.Equal(HttpStatusCode.MethodNotAllowed, await app.SayAsync(HttpMethod.Post, "orders", "10.0.0.1:80", s_header));
            Assert.Equal(1, app.Status.GetServices()[0].UsableEndpoints);
        }

        await using AdminApp readOnly = await AdminApp.StartAsync(configure: static o => o.ReadOnly = true);
        await readOnly.UseAsync("10.0.0.1:80");
        Assert.Equal(HttpStatusCode.Forbidden, await readOnly.SayAsync(HttpMethod.Put, "orders", "10.0.0.1:80", s_header));
        Assert.False((await readOnly.ReadAsync()).GetProperty("canChange").GetBoolean());
    }

    [Fact]
    public async Task Policy_OfAService_SaysWhereEachValueComesFrom()
    {
        await using AdminApp app = await AdminApp.StartAsync(
            [("Defaults:Timeout", "00:00:20"), ("Services:orders:Retry:MaxAttempts", "2"), ("Services:orders:HealthCheck:Path", "/healthz?token=s3cret")],
            mesh: static m => m.AddService("orders", static o => o.CircuitBreaker.BreakDuration = TimeSpan.FromSeconds(9)));
        await app.UseAsync("10.0.0.1:80");

        Dictionary<string, (string?, string?, string?)> values = (await app.ReadAsync("/services/orders/policy")).GetProperty("items").EnumerateArray()
            .ToDictionary(static v => Text(v, "key")!, static v => (Text(v, "value"), Text(v, "origin"), Text(v, "source")));

        Assert.Equal(("00:00:20", "defaults", "MemoryConfigurationProvider"), values["Timeout"]);
        Assert.Equal(("2", "service", "MemoryConfigurationProvider"), values["Retry:MaxAttempts"]);
        Assert.Equal(("00:00:09", "serviceCode", null), values["CircuitBreaker:BreakDuration"]);
        Assert.Equal(("00:00:10", "builtIn", null), values["AttemptTimeout"]);
        Assert.Equal("/healthz?…", values["HealthCheck:Path"].Item1);
    }

    [Fact]
    public async Task Server_CallersAndLimits_AreTold()
    {
        await using AdminApp app = await AdminApp.StartAsync([("Server:Concurrency:Limit", "7"), ("Server:RateLimits:0:Name", "all"), ("Server:RateLimits:0:Permits", "100"), ("Server:RateLimits:0:Per", "00:01:00")]);
        await app.ReadAsync("/server");
        for (int i = 0; i < 3; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/work", UriKind.Relative));
            request.Headers.Add("x-mesh-caller", "shop");
            using HttpResponseMessage response = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);
        }

        app.Clock.Advance(TimeSpan.FromSeconds(1));
        JsonElement server = await app.ReadAsync("/server");

        Assert.Equal(("all", 7, 1), (Text(server.GetProperty("limits")[0], "name"), Int(server.GetProperty("concurrency"), "limit"), Int(server.GetProperty("concurrency"), "inFlight")));
        JsonElement caller = Assert.Single(server.GetProperty("callers").EnumerateArray());
        Assert.Equal(("shop", 3.0), (Text(caller, "name"), caller.GetProperty("traffic").GetProperty("callsPerSecond").GetDouble()));
    }

    [Fact]
    public async Task Limits_OfAService_TellWhatIsLeft()
    {
        await using AdminApp app = await AdminApp.StartAsync([("Services:orders:RateLimits:0:Name", "shared"), ("Services:orders:RateLimits:0:Permits", "10"), ("Services:orders:RateLimits:0:Per", "00:01:00"), ("Services:orders:Concurrency:Limit", "4")]);
        await app.UseAsync("10.0.0.1:80");

        JsonElement orders = await app.ReadAsync("/services/orders");

        JsonElement limit = orders.GetProperty("limits")[0];
        Assert.Equal(("shared", 9, 10, "memory"), (Text(limit, "name"), Int(limit, "remaining"), Int(limit, "most"), Text(limit, "store")));
        Assert.Equal((4, 0), (Int(orders.GetProperty("concurrency"), "limit"), Int(orders.GetProperty("concurrency"), "inFlight")));
        Assert.Equal(0, Int(orders.GetProperty("retryBudget"), "spent"));
    }

    [Fact]
    public async Task Explain_ARequest_TellsItsRouteAndEndpoints()
    {
        await using AdminApp app = await AdminApp.StartAsync([("Services:orders:Routes:0:Name", "beta"), ("Services:orders:Routes:0:Match:Headers:x-beta", "1"), ("Services:orders:Routes:0:Timeout", "00:00:03")]);
        await app.UseAsync("10.0.0.1:80");

        JsonElement plain = await app.ReadAsync("/explain?uri=http://orders/today");
        Assert.False(plain.GetProperty("routes")[0].GetProperty("matches").GetBoolean());
        JsonElement beta = (await app.ReadAsync("/explain?uri=http://orders/today&method=POST&header=x-beta:%201")).GetProperty("outcomes")[0];
        Assert.Equal(("beta", 3000, "10.0.0.1:80"), (Text(beta, "route"), Int(beta, "timeoutMs"), Text(beta.GetProperty("endpoints")[0], "address")));
        foreach (string bad in (string[])["", "?uri=orders", "?uri=http://orders/&header=x", "?uri=http://orders/&method=a%20b"])
        {
            using HttpResponseMessage refused = await app.Client.GetAsync(new Uri($"/mesh/api/explain{bad}", UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }
    }

    [Fact]
    public async Task EveryAnswer_OfAPolicyWithSecrets_HasNoneOfThem()
    {
        await using AdminApp app = await AdminApp.StartAsync(
        [
            ("Services:orders:Routes:0:Name", "a"),
            ("Services:orders:Routes:0:Match:Headers:authorization", "Bearer s3cret"),
            ("Services:orders:Routes:0:RequestHeaders:Set:x-api-key", "s3cret"),
            ("Services:orders:Routes:1:Name", "b"),
            ("Services:orders:Routes:1:Match:Query:token", "s3cret"),
            ("Services:orders:Routes:1:Respond:Body", "s3cret"),
            ("Services:orders:Routes:2:Name", "c"),
            ("Services:orders:Routes:2:Match:Headers:x-key:Regex", "s3cret.*"),
            ("Services:orders:Routes:3:Name", "d"),
            ("Services:orders:Routes:3:Match:Headers:x-key:Prefix", "s3cret"),
            ("Services:orders:Routes:4:Name", "e"),
            ("Services:orders:Routes:4:Match:Prefix", "/today"),
            ("Services:orders:Routes:4:RequestHeaders:Add:cookie", "s3cret"),
            ("Services:orders:HealthCheck:Path", "/healthz?token=s3cret"),
        ]);
        await app.UseAsync("10.0.0.1:80");
        foreach (string path in (string[])["", "/services", "/services/orders", "/services/orders/policy", "/overlays", "/server", "/sources", "/events", "/explain?uri=http://orders/today", "/explain?uri=http://orders/?token%3Dx&header=authorization:a&header=x-key:b"])
        {
            Assert.DoesNotContain("s3cret", (await app.ReadAsync(path)).GetRawText(), StringComparison.Ordinal);
        }
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static int Int(JsonElement element, string name) => element.GetProperty(name).GetInt32();
}
