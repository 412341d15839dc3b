using Mesh.Client.Tests.Waiting;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.Tests.Pipeline;

public sealed class CancellationTests
{
    private static readonly string[] Two = ["10.0.0.1:80", "10.0.0.2:80"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SendAsync_CallerCancels_TheAttemptEndsAtOnceAndSaysNothingOfTheEndpoint(bool viaClient)
    {
        using var mesh = new ScriptedMesh(static options => options.CircuitBreaker.ConsecutiveFailures = 1, Two);
        mesh[1].Hang().Always();

        for (int i = 1; i <= 3; i++)
        {
            using var source = new CancellationTokenSource();
            Task<HttpResponseMessage> call = Send(mesh, viaClient, source.Token);
            await Until.HoldsAsync(() => mesh[1].InFlight == 1);

            await source.CancelAsync();

            var error = await Assert.ThrowsAsync<TaskCanceledException>(() => call);
            Assert.Equal(source.Token, error.CancellationToken);
            await Until.HoldsAsync(() => mesh[1].InFlight == 0);
        }

        Assert.Equal((3, 0), (mesh[1].Calls, mesh[2].Calls));
        Assert.Equal(0, mesh.InFlight);
        Assert.Equal(default, mesh.Node("10.0.0.1:80").Breaker.Sum(mesh.Clock.GetTimestamp()));
    }

    [Theory]
    [InlineData("GET", false)]
    [InlineData("GET", true)]
    [InlineData("POST", false)]
    [InlineData("POST", true)]
    public async Task SendAsync_CancelledBefore_NothingIsSent(string method, bool viaClient)
    {
        using var mesh = new ScriptedMesh();
        (await mesh.Client.GetAsync("http://orders/first", Token)).Dispose();
        var token = new CancellationToken(canceled: true);
        var request = new HttpRequestMessage(new HttpMethod(method), "http://orders/x");

        var error = await Assert.ThrowsAsync<TaskCanceledException>(() => viaClient ? mesh.Client.SendAsync(request, token) : mesh.Invoker.SendAsync(request, token));

        Assert.Equal(token, error.CancellationToken);
        Assert.Equal(1, mesh[1].Calls);
        Assert.Equal(0, mesh.InFlight);
    }

    [Fact]
    public void Send_CancelledBefore_NothingIsSent()
    {
        using var mesh = new ScriptedMesh();
        mesh.Client.Send(new HttpRequestMessage(HttpMethod.Get, "http://orders/first"), Token).Dispose();

        Assert.ThrowsAny<OperationCanceledException>(() => mesh.Client.Send(new HttpRequestMessage(HttpMethod.Get, "http://orders/x"), new CancellationToken(canceled: true)));

        Assert.Equal(1, mesh[1].Calls);
    }

    [Fact]
    public async Task Send_CallerCancels_TheAttemptEndsAtOnce()
    {
        using var mesh = new ScriptedMesh(endpoints: Two);
        mesh[1].Hang();
        using var source = new CancellationTokenSource();
        using HttpClient client = mesh.Client;
        Task call = Task.Factory.StartNew(() => client.Send(new HttpRequestMessage(HttpMethod.Get, "http://orders/x"), source.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Until.HoldsAsync(() => mesh[1].InFlight == 1);

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(0, mesh.InFlight);
        Assert.Equal(0, mesh[2].Calls);
    }

    [Fact]
    public async Task SendAsync_CallerCancelsTheSecondAttempt_ItEndsAtOnce()
    {
        using var mesh = new ScriptedMesh(endpoints: Two);
        mesh[1].Reset();
        mesh[2].Hang();
        using var source = new CancellationTokenSource();
        Task<HttpResponseMessage> call = Send(mesh, viaClient: false, source.Token);
        await Until.HoldsAsync(() => mesh[2].InFlight == 1);

        await source.CancelAsync();

        Assert.Equal(source.Token, (await Assert.ThrowsAsync<TaskCanceledException>(() => call)).CancellationToken);
        Assert.Equal(0, mesh.InFlight);
    }

    [Fact]
    public async Task SendAsync_CancelledDuringBackOff_EndsAtOnce()
    {
        using var mesh = new ScriptedMesh(
            static options =>
            {
                options.Retry.BaseDelay = TimeSpan.FromSeconds(20);
                options.Retry.MaxDelay = TimeSpan.FromSeconds(20);
            },
            Two);
        mesh[1].Reset();
        using var source = new CancellationTokenSource();
        Task<HttpResponseMessage> call = Send(mesh, viaClient: false, source.Token);
        await Until.HoldsAsync(() => mesh[1].Calls == 1 && mesh.InFlight == 0);
        Assert.False(call.IsCompleted);

        await source.CancelAsync();

        Assert.Equal(source.Token, (await Assert.ThrowsAsync<TaskCanceledException>(() => call)).CancellationToken);
        Assert.Equal(0, mesh[2].Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SendAsync_CancelledWhileItWaitsForDiscovery_EndsAtOnce(bool viaClient)
    {
        using var mesh = new ScriptedMesh(mesh: static m => m.AddEndpointSource(new SilentSource()).ConfigureDiscovery(static d => d.Sources = ["Silent"]));
        using var source = new CancellationTokenSource();
        Task<HttpResponseMessage> call = Send(mesh, viaClient, source.Token);

        await source.CancelAsync();

        Assert.Equal(source.Token, (await Assert.ThrowsAsync<TaskCanceledException>(() => call)).CancellationToken);
    }

    [Fact]
    public async Task GetAsync_CancelledWhileTheBodyIsBuffered_EndsAtOnceAndCountsOut()
    {
        using var mesh = new ScriptedMesh();
        var body = new GatedStream().Release(10);
        mesh[1].Reply(_ => new HttpResponseMessage { Content = new StreamContent(body) });
        using var source = new CancellationTokenSource();
        Task<HttpResponseMessage> call = mesh.Client.GetAsync("http://orders/x", source.Token);
        await Until.HoldsAsync(() => mesh.InFlight == 1);

        await source.CancelAsync();

        Assert.Equal(source.Token, (await Assert.ThrowsAsync<TaskCanceledException>(() => call)).CancellationToken);
        Assert.Equal(0, mesh.InFlight);
        Assert.True(body.IsDisposed);
        Assert.Equal(default, mesh.Node("10.0.0.1:80").Breaker.Sum(mesh.Clock.GetTimestamp()));
    }

    [Fact]
    public async Task ReadAsync_Cancelled_EndsThatReadAndCountsOutAtDispose()
    {
        using var mesh = new ScriptedMesh();
        mesh[1].Reply(_ => new HttpResponseMessage { Content = new StreamContent(new GatedStream()) });
        using var source = new CancellationTokenSource();
        using (HttpResponseMessage response = await mesh.Client.GetAsync("http://orders/x", HttpCompletionOption.ResponseHeadersRead, Token))
        {
            Stream stream = await response.Content.ReadAsStreamAsync(Token);
            ValueTask<int> read = stream.ReadAsync(new byte[1], source.Token);

            await source.CancelAsync();

            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await read);
        }

        Assert.Equal(0, mesh.InFlight);
        Assert.Equal(default, mesh.Node("10.0.0.1:80").Breaker.Sum(mesh.Clock.GetTimestamp()));
    }

    private static Task<HttpResponseMessage> Send(ScriptedMesh mesh, bool viaClient, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/x");
        return viaClient ? mesh.Client.SendAsync(request, cancellationToken) : mesh.Invoker.SendAsync(request, cancellationToken);
    }
}
