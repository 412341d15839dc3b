using System.Net;

namespace Mesh.Client.Tests.Pipeline;

/// <summary>300 calls, one after the other and one second apart, through a whole mesh over three equal endpoints: each gets 60 at least.</summary>
public sealed class FairCallTests
{
    private static readonly string[] Three = ["10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80"];

    [Theory]
    [InlineData("LeastRequest")]
    [InlineData("PeakEwma")]
    [InlineData("RoundRobin")]
    [InlineData("Random")]
    public async Task Calls_OneSlowOnce_StarveNone(string policy)
    {
        using ScriptedMesh mesh = Mesh(policy);
        mesh[2].Delay(TimeSpan.FromSeconds(9)).Reply(HttpStatusCode.OK);

        await CallAsync(mesh);
    }

    [Theory]
    [InlineData("LeastRequest")]
    [InlineData("PeakEwma")]
    [InlineData("RoundRobin")]
    [InlineData("Random")]
    public async Task Calls_OneTimedOutFailedAndWasEjected_StarveNone(string policy)
    {
        using ScriptedMesh mesh = Mesh(policy);
        mesh[2].Hang().Reply(HttpStatusCode.BadGateway).Times(5).RefuseConnection().Times(2);

        await CallAsync(mesh);
    }

    [Theory]
    [InlineData("LeastRequest")]
    [InlineData("PeakEwma")]
    [InlineData("RoundRobin")]
    [InlineData("Random")]
    public async Task Calls_OneComesLater_StarveNone(string policy)
    {
        using ScriptedMesh mesh = Mesh(policy, Three[..2]);
        for (int i = 0; i < 20; i++)
        {
            using HttpResponseMessage response = await mesh.Client.GetAsync(new Uri("http://orders/"), TestContext.Current.CancellationToken);
        }

        mesh.Registry.Set("orders", Three);
        await Waiting.Until.HoldsAsync(() => mesh.Nodes.Length == 3);

        await CallAsync(mesh);
    }

    private static ScriptedMesh Mesh(string policy, string[]? endpoints = null) => new(orders => orders.LoadBalancing.Policy = policy, endpoints ?? Three);

    private static async Task CallAsync(ScriptedMesh mesh)
    {
        int[] before = Calls();
        for (int i = 0; i < 300; i++)
        {
            Task<HttpResponseMessage> call = mesh.Client.GetAsync(new Uri("http://orders/"), TestContext.Current.CancellationToken);
            if (!call.IsCompleted)
            {
                await mesh.Clock.AdvanceUntilAsync(() => call.IsCompleted, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
            }

            using HttpResponseMessage response = await call;
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            mesh.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.All(Calls().Zip(before), static c => Assert.InRange(c.First - c.Second, 60, 190));

        int[] Calls() => [.. Enumerable.Range(1, 3).Select(i => mesh[i].Calls)];
    }
}
