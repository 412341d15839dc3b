using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Mesh.Client.Health;
using Mesh.Client.Options;
using Mesh.Client.Tests.Waiting;
using Mesh.IntegrationTests.Wire.Servers;
using Microsoft.AspNetCore.Http;

namespace Mesh.IntegrationTests.Wire.Health;

/// <summary>HTTP probes of real servers, and of some that are none.</summary>
[Collection(typeof(OnTheWire))]
public sealed class HttpProbeTests
{
    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Probe_OfARealServer_AsksUnderTheLogicalNameOnItsOwnConnection()
    {
        var asked = new ConcurrentQueue<(string Method, string Host, string Path, string Headers)>();
        await using RealServer server = await RealServer.StartAsync(context =>
        {
            asked.Enqueue((context.Request.Method, context.Request.Host.Value!, context.Request.Path + context.Request.QueryString, string.Join(',', context.Request.Headers.Keys)));
            return context.Response.WriteAsync("ok");
        });
        using var service = new ProbedService(static o => o.HealthCheck.Path = "/healthz?deep=1", server.Endpoint);

        Assert.Equal("ok", await service.Client.GetStringAsync("call", Ended));
        await Until.HoldsAsync(() => asked.Count(static a => a.Path == "/healthz?deep=1") >= 5);

        Assert.All(asked.Where(static a => a.Path != "/call"), static a => Assert.Equal(("GET", "orders", "/healthz?deep=1", "Host"), a));
        Assert.Equal(2, server.ConnectionsMade);
        Assert.Equal(1, Assert.Single(service.Endpoints).Window.Calls);
    }

    [Fact]
    public async Task Probe_TheServerBecomesUnwellAndWellAgain_FollowsIt()
    {
        int status = 200;
        await using RealServer sick = await RealServer.StartAsync(context =>
        {
            context.Response.StatusCode = context.Request.Path == "/healthz" ? Volatile.Read(ref status) : 200;
            return Task.CompletedTask;
        });
        await using RealServer well = await RealServer.StartAsync(static context => context.Response.WriteAsync("ok"));
        using var service = new ProbedService(Healthz, sick.Endpoint, well.Endpoint);
        await service.Client.GetStringAsync("call", Ended);

        Volatile.Write(ref status, 503);
        await Until.HoldsAsync(() => service.StateOf(sick.Endpoint) is BreakerState.Unhealthy);
        Assert.Equal("unhealthy: /healthz answered 503", service.Endpoints[0].Reason);

        Volatile.Write(ref status, 204);
        await Until.HoldsAsync(() => service.StateOf(sick.Endpoint) is BreakerState.Closed);
    }

    [Theory]
    [InlineData("hangs")]
    [InlineData("talks garbage")]
    [InlineData("sends headers without end")]
    [InlineData("resets")]
    [InlineData("closes")]
    [InlineData("stops in the middle of a header")]
    public async Task Probe_OfAnEndpointThatIsNoServer_FindsItUnwellAndHarmsNobody(string fault)
    {
        await using var bad = new SocketServer((socket, end) => Misbehave(fault, socket, end));
        await using RealServer well = await RealServer.StartAsync(static context => context.Response.WriteAsync("ok"));
        using var service = new ProbedService(Healthz, bad.Endpoint, well.Endpoint);
        _ = service.Client.GetAsync("call", Ended).ContinueWith(static t => t.Exception, TaskScheduler.Default);

        await Until.HoldsAsync(() => service.Endpoints.Length == 2 && service.StateOf(bad.Endpoint) is BreakerState.Unhealthy);

        for (int i = 0; i < 20; i++)
        {
            Assert.Equal("ok", await service.Client.GetStringAsync("call", Ended));
        }

        int connections = bad.Connections;
        await Until.HoldsAsync(() => bad.Connections >= connections + 2);
        Assert.Equal(BreakerState.Closed, service.StateOf(well.Endpoint));
        Assert.InRange(service.Endpoints[0].Reason.Length, 12, 230);
    }

    [Fact]
    public async Task Probe_AnsweredByABodyWithoutEnd_DoesNotReadIt()
    {
        long written = 0;
        await using RealServer server = await RealServer.StartAsync(async context =>
        {
            byte[] part = new byte[64 * 1024];
            while (context.Request.Path == "/healthz" && !context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(part, context.RequestAborted);
                Interlocked.Add(ref written, part.Length);
            }
        });
        using var service = new ProbedService(Healthz, server.Endpoint);
        await service.Client.GetStringAsync("call", Ended);

        await Until.HoldsAsync(() => server.Requests >= 6);

        Assert.Equal(BreakerState.Closed, service.StateOf(server.Endpoint));
        await Until.HoldsAsync(() => server.Connections <= 2);
    }

    [Fact]
    public async Task Probe_Redirected_DoesNotFollow()
    {
        int followed = 0;
        await using RealServer server = await RealServer.StartAsync(context =>
        {
            if (context.Request.Path == "/healthz")
            {
                context.Response.Redirect("/login");
            }
            else if (context.Request.Path == "/login")
            {
                Interlocked.Increment(ref followed);
            }

            return Task.CompletedTask;
        });
        using var service = new ProbedService(Healthz, server.Endpoint);
        await service.Client.GetStringAsync("call", Ended);

        await Until.HoldsAsync(() => service.StateOf(server.Endpoint) is BreakerState.Unhealthy);

        Assert.Equal("unhealthy: /healthz answered 302", service.Endpoints[0].Reason);
        Assert.Equal(0, followed);
    }

    [Fact]
    public async Task Probe_OfAnotherPort_AsksThere()
    {
        await using RealServer calls = await RealServer.StartAsync(static context => context.Response.WriteAsync("ok"));
        await using RealServer health = await RealServer.StartAsync(static context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        });
        using var service = new ProbedService(o => (o.HealthCheck.Path, o.HealthCheck.Port) = ("/healthz", health.Port), calls.Endpoint);

        Assert.Equal("ok", await service.Client.GetStringAsync("call", Ended));
        await Until.HoldsAsync(() => service.StateOf(calls.Endpoint) is BreakerState.Unhealthy);

        Assert.Equal(1, calls.Requests);
    }

    [Fact]
    public async Task Probe_OverTls_HasTheSettingsAndTheNameOfTheCalls()
    {
        using X509Certificate2 certificate = VersionTests.Certificate("orders");
        var asked = new ConcurrentQueue<string>();
        await using RealServer server = await RealServer.StartAsync(
            context =>
            {
                asked.Enqueue($"{context.Request.Scheme}://{context.Request.Host}{context.Request.Path}");
                return Task.CompletedTask;
            },
            certificate: certificate);
        using var service = new ProbedService(
            o =>
            {
                Healthz(o);
                VersionTests.Trust(o, certificate);
            },
            server.Endpoint with { Scheme = "https" });

        await service.Client.GetStringAsync(new Uri("https://orders/call"), Ended);
        await Until.HoldsAsync(() => asked.Count(static a => a == "https://orders/healthz") >= 3);

        Assert.Equal(BreakerState.Closed, service.StateOf(server.Endpoint));
    }

    [Fact]
    public async Task Dispose_ProbesUnderWay_ClosesTheirConnections()
    {
        await using RealServer server = await RealServer.StartAsync(static context => context.Request.Path == "/healthz" ? Hanging.AnswerAsync(context) : Task.CompletedTask);
        using (var service = new ProbedService(o => (o.HealthCheck.Path, o.HealthCheck.Timeout) = ("/healthz", TimeSpan.FromMinutes(1)), server.Endpoint))
        {
            await service.Client.GetStringAsync("call", Ended);
            await Until.HoldsAsync(() => server.Requests == 2);
        }

        await Until.HoldsAsync(() => server.Connections == 0);
    }

    private static void Healthz(ServiceOptions options) => options.HealthCheck.Path = "/healthz";

    private static async Task Misbehave(string fault, Socket socket, CancellationToken end)
    {
        byte[] buffer = new byte[4096];
        await socket.ReceiveAsync(buffer, end);
        switch (fault)
        {
            case "hangs":
                await Task.Delay(Timeout.InfiniteTimeSpan, end);
                break;
            case "talks garbage":
                byte[] garbage = new byte[8192];
                new Random(7).NextBytes(garbage);
                await socket.SendAsync(garbage, end);
                break;
            case "sends headers without end":
                await socket.SendAsync("HTTP/1.1 200 OK\r\n"u8.ToArray(), end);
                for (int i = 0; ; i++)
                {
                    await socket.SendAsync(Encoding.ASCII.GetBytes($"x-{i}: {new string('y', 1000)}\r\n"), end);
                }

            case "resets":
                socket.LingerState = new LingerOption(true, 0);
                socket.Close();
                break;
            case "stops in the middle of a header":
                await socket.SendAsync("HTTP/1.1 200 OK\r\nContent-Le"u8.ToArray(), end);
                await Task.Delay(Timeout.InfiniteTimeSpan, end);
                break;
        }
    }
}
