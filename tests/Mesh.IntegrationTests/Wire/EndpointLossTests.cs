using Mesh.Client.Tests.Waiting;
using Mesh.IntegrationTests.Wire.Servers;
using Microsoft.AspNetCore.Http;

namespace Mesh.IntegrationTests.Wire;

/// <summary>Endpoints that die and endpoints that leave.</summary>
[Collection(typeof(OnTheWire))]
public sealed class EndpointLossTests
{
    private const int Callers = 16;

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Get_WhileOneOfThreeEndpointsDies_NeverFails()
    {
        int inside = 0;
        await using RealServer first = await RealServer.StartAsync(static context => context.Response.WriteAsync("ok"));
        await using RealServer second = await RealServer.StartAsync(static context => context.Response.WriteAsync("ok"));
        await using RealServer dying = await RealServer.StartAsync(async context =>
        {
            // Some are always in the middle of a request, and so also when it dies.
            if (Interlocked.Increment(ref inside) % 50 == 0)
            {
                await Hanging.AnswerAsync(context);
            }

            await context.Response.WriteAsync("ok");
        });
        using var mesh = new WireMesh([first.Endpoint, second.Endpoint, dying.Endpoint]);
        int answered = 0;
        int afterDeath = 0;
        Task? death = null;

        Task[] callers = [.. Enumerable.Range(0, Callers).Select(_ => Task.Run(CallAsync, Ended))];
        await Until.HoldsAsync(() => Volatile.Read(ref inside) >= 200 && mesh.Balancer.InFlight > 0);
        int before = Volatile.Read(ref answered);
        Volatile.Write(ref death, dying.KillAsync());
        await Task.WhenAll(callers);
        await death;

        Assert.True(answered - before > 1_000, $"{answered} answered, {before} of them before the death");
        Assert.Equal(0, mesh.Balancer.InFlight);
        Assert.Equal(0, dying.Connections);

        async Task CallAsync()
        {
            // Any failure ends the caller, and with it the test.
            while (Volatile.Read(ref afterDeath) < 2_000)
            {
                Assert.Equal("ok", await mesh.Client.GetStringAsync("x", Ended));
                Interlocked.Increment(ref answered);
                if (Volatile.Read(ref death) is not null)
                {
                    Interlocked.Increment(ref afterDeath);
                }
            }
        }
    }

    [Fact]
    public async Task Remove_OfAnEndpointWithACallInFlight_FinishesItAndClosesItsConnections()
    {
        TaskCompletionSource goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using RealServer leaving = await RealServer.StartAsync(async context =>
        {
            await context.Response.WriteAsync("early ");
            await context.Response.Body.FlushAsync();
            if (context.Request.Path == "/slow")
            {
                await goOn.Task;
            }

            await context.Response.WriteAsync("late");
        });
        await using RealServer staying = await RealServer.StartAsync(static context => context.Response.WriteAsync("other"));
        using var mesh = new WireMesh([leaving.Endpoint]);
        using HttpResponseMessage slow = await mesh.Client.GetAsync("slow", HttpCompletionOption.ResponseHeadersRead, Ended);
        Assert.Equal("early late", await mesh.Client.GetStringAsync("fast", Ended));
        Assert.Equal(2, leaving.Connections);

        mesh.Registry.Set(WireMesh.Service, staying.Endpoint);
        await Until.HoldsAsync(() => mesh.Balancer.Endpoints.SequenceEqual([staying.Endpoint]));

        Assert.Equal("other", await mesh.Client.GetStringAsync("x", Ended));
        Assert.Equal(1, mesh.Balancer.InFlight);
        Assert.InRange(leaving.Connections, 1, 2);
        goOn.SetResult();
        Assert.Equal("early late", await slow.Content.ReadAsStringAsync(Ended));
        Assert.Equal(0, mesh.Balancer.InFlight);
        await Until.HoldsAsync(() => leaving.Connections == 0);
        Assert.Equal(1, staying.Connections);
        Assert.Equal(2, leaving.Requests);
    }
}
