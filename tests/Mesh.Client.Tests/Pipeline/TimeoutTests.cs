using System.Net;
using Mesh.Client.Health;
using Mesh.Client.Tests.Waiting;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.Tests.Pipeline;

public sealed class TimeoutTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly string[] Two = ["10.0.0.1:80", "10.0.0.2:80"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SendAsync_AttemptTimeout_GoesToAnotherEndpointAndCountsAgainstTheFirst()
    {
        using var mesh = new ScriptedMesh(static options => options.AttemptTimeout = TimeSpan.FromSeconds(3), Two);
        mesh[1].Hang();

        Task<HttpResponseMessage> call = mesh.Client.GetAsync("http://orders/x", Token);
        await mesh.Clock.AdvanceUntilAsync(() => call.IsCompleted, Step, Minute, Token);

        Assert.Equal(HttpStatusCode.OK, (await call).StatusCode);
        TimeSpan waited = mesh[2].Requests.Single().ReceivedAt - mesh[1].Requests.Single().ReceivedAt;
        Assert.Equal(TimeSpan.FromSeconds(3), waited);
        Assert.Equal(new WindowSum(1, 1, 0, 0), Sum(mesh, "10.0.0.1:80"));
        Assert.Equal(0, mesh.InFlight);
    }

    [Fact]
    public async Task SendAsync_PostMeetsTheAttemptTimeout_EndsWithAnErrorThatNamesIt()
    {
        using var mesh = new ScriptedMesh(static options => options.AttemptTimeout = TimeSpan.FromSeconds(3), Two);
        mesh[1].Hang();

        Task<HttpResponseMessage> call = mesh.Client.PostAsync("http://orders/x", new StringContent("body"), Token);
        await mesh.Clock.AdvanceUntilAsync(() => call.IsCompleted, Step, Minute, Token);

        var error = await Assert.ThrowsAsync<MeshException>(() => call);
        Assert.Equal((MeshError.AttemptTimeout, "orders"), (error.Error, error.ServiceName));
        Assert.IsType<TimeoutException>(error.InnerException);
        Assert.Contains("\"orders\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("10.0.0.1:80", error.Message, StringComparison.Ordinal);
        Assert.Contains("AttemptTimeout 00:00:03", error.Message, StringComparison.Ordinal);
        Assert.Contains("Mesh:Services:orders:AttemptTimeout", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, mesh[2].Calls);
    }

    [Fact]
    public async Task SendAsync_TotalTimeout_CoversAllAttempts()
    {
        using var mesh = new ScriptedMesh(
            static options =>
            {
                options.AttemptTimeout = TimeSpan.FromSeconds(1);
                options.Timeout = TimeSpan.FromSeconds(2.5);
                options.Retry.MaxAttempts = 10;
            },
            ["10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80", "10.0.0.4:80"]);
        Array.ForEach([1, 2, 3, 4], i => mesh[i].Hang().Always());
        DateTimeOffset started = mesh.Clock.GetUtcNow();

        Task<HttpResponseMessage> call = mesh.Client.GetAsync("http://orders/x", Token);
        await mesh.Clock.AdvanceUntilAsync(() => call.IsCompleted, Step, Minute, Token);

        var error = await Assert.ThrowsAsync<MeshException>(() => call);
        Assert.Equal(MeshError.Timeout, error.Error);
        Assert.Contains("Timeout 00:00:02.5", error.Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(2.5), mesh.Clock.GetUtcNow() - started);
        Assert.Equal([1, 1, 1, 0], [mesh[1].Calls, mesh[2].Calls, mesh[3].Calls, mesh[4].Calls]);
        Assert.Equal(new WindowSum(1, 1, 0, 0), Sum(mesh, "10.0.0.2:80"));
        Assert.Equal(default, Sum(mesh, "10.0.0.3:80"));
    }

    [Fact]
    public async Task SendAsync_DeadlineShorterThanTheAttemptTimeout_SaysNothingOfTheEndpoint()
    {
        using var mesh = new ScriptedMesh(
            static options =>
            {
                options.Timeout = TimeSpan.FromSeconds(1);
                options.CircuitBreaker.ConsecutiveFailures = 1;
            },
            Two);
        mesh[1].Hang().Always();

        for (int i = 0; i < 5; i++)
        {
            Task<HttpResponseMessage> call = mesh.Client.GetAsync("http://orders/x", Token);
            await mesh.Clock.AdvanceUntilAsync(() => call.IsCompleted, Step, Minute, Token);
            Assert.Equal(MeshError.Timeout, (await Assert.ThrowsAsync<MeshException>(() => call)).Error);
        }

        Assert.Equal(5, mesh[1].Calls);
        Assert.Equal(default, Sum(mesh, "10.0.0.1:80"));
    }

    [Fact]
    public async Task SendAsync_BothAreZero_WaitsForever()
    {
        using var mesh = new ScriptedMesh(static options => options.Timeout = options.AttemptTimeout = TimeSpan.Zero);
        using var source = new CancellationTokenSource();
        mesh[1].Hang();

        Task<HttpResponseMessage> call = mesh.Invoker.SendAsync(new HttpRequestMessage(HttpMethod.Get, "http://orders/x"), source.Token);
        await Until.HoldsAsync(() => mesh[1].Calls == 1);
        mesh.Clock.Advance(TimeSpan.FromDays(2));

        Assert.False(call.IsCompleted);
        await source.CancelAsync();
        await Assert.ThrowsAsync<TaskCanceledException>(() => call);
    }

    [Theory]
    [InlineData(1.0, null, 1.0)]
    [InlineData(null, 2.0, 2.0)]
    [InlineData(0.0, 4.0, 4.0)]
    [InlineData(1.5, 0.0, 1.5)]
    public async Task SendAsync_ClientSetsTimes_TheyReplaceTheService(double? timeout, double? attemptTimeout, double expected)
    {
        using var mesh = new ScriptedMesh(client: c => c.AddMesh(o =>
        {
            o.Timeout = timeout is { } t ? TimeSpan.FromSeconds(t) : null;
            o.AttemptTimeout = attemptTimeout is { } a ? TimeSpan.FromSeconds(a) : null;
            o.MaxAttempts = 1;
        }));
        mesh[1].Hang();
        DateTimeOffset started = mesh.Clock.GetUtcNow();

        Task<HttpResponseMessage> call = mesh.Client.GetAsync("http://orders/x", Token);
        await mesh.Clock.AdvanceUntilAsync(() => call.IsCompleted, Step, Minute, Token);

        await Assert.ThrowsAsync<MeshException>(() => call);
        Assert.Equal(TimeSpan.FromSeconds(expected), mesh.Clock.GetUtcNow() - started);
    }

    [Fact]
    public async Task SendAsync_BodyStreamsLongerThanAllTimeouts_IsNotCut()
    {
        using var mesh = new ScriptedMesh();
        var body = new GatedStream();
        mesh[1].Reply(_ => new HttpResponseMessage { Content = new StreamContent(body) });

        using HttpResponseMessage response = await mesh.Client.GetAsync("http://orders/x", HttpCompletionOption.ResponseHeadersRead, Token);
        await using Stream stream = await response.Content.ReadAsStreamAsync(Token);
        ValueTask<int> read = stream.ReadAsync(new byte[10], Token);
        mesh.Clock.Advance(TimeSpan.FromHours(5));
        Assert.False(read.IsCompleted);
        body.Release(3);

        Assert.Equal(3, await read);
        Assert.Equal(1, mesh.InFlight);
    }

    [Fact]
    public async Task SendAsync_ManyCalls_LeaveNoTimerBehind()
    {
        using var mesh = new ScriptedMesh(endpoints: Two);
        mesh[1].Delay(TimeSpan.FromMilliseconds(1)).Reply(HttpStatusCode.OK).Always();
        using HttpClient client = mesh.Client;
        using (await AdvancedAsync(mesh, client.GetAsync("http://orders/x", Token)))
        {
        }

        // A pooled timer may be set until the deadline of the attempt that it served.
        mesh.Clock.Advance(Minute);
        int before = mesh.Clock.ActiveTimers;

        Task<HttpResponseMessage>[] calls = [.. Enumerable.Range(0, 500).Select(i => i % 2 == 0 ? client.GetAsync("http://orders/x", Token) : client.PostAsync("http://orders/x", new StringContent("b"), Token))];
        await AdvancedAsync(mesh, Task.WhenAll(calls));
        mesh.Clock.Advance(Minute);

        Assert.Equal(before, mesh.Clock.ActiveTimers);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Send_Synchronous_KeepsTheTimeouts(bool total)
    {
        using var mesh = new ScriptedMesh(options =>
        {
            options.AttemptTimeout = TimeSpan.FromSeconds(total ? 10 : 1);
            options.Timeout = TimeSpan.FromSeconds(total ? 1 : 10);
            options.Retry.MaxAttempts = 1;
        });
        mesh[1].Hang();
        using HttpClient client = mesh.Client;

        Task call = Task.Factory.StartNew(() => client.Send(new HttpRequestMessage(HttpMethod.Get, "http://orders/x"), Token), Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Until.HoldsAsync(() => mesh[1].Calls == 1);
        await mesh.Clock.AdvanceUntilAsync(() => call.IsCompleted, Step, Minute, Token);

        Assert.Equal(total ? MeshError.Timeout : MeshError.AttemptTimeout, (await Assert.ThrowsAsync<MeshException>(() => call)).Error);
        Assert.Equal(0, mesh.InFlight);
    }

    [Fact]
    public async Task GetAsync_TimeoutOfHttpClientItself_WorksAsEver()
    {
        using var mesh = new ScriptedMesh(endpoints: Two);
        mesh[1].Hang();
        using HttpClient client = mesh.Client;
        Assert.Equal(TimeSpan.FromSeconds(100), client.Timeout);
        client.Timeout = TimeSpan.FromMilliseconds(30);

        var error = await Assert.ThrowsAsync<TaskCanceledException>(() => client.GetAsync("http://orders/x", Token));

        Assert.IsType<TimeoutException>(error.InnerException);
        Assert.Equal(0, mesh.InFlight);
        Assert.Equal(default, Sum(mesh, "10.0.0.1:80"));
        Assert.Equal(0, mesh[2].Calls);
    }

    private static WindowSum Sum(ScriptedMesh mesh, string authority) => mesh.Node(authority).Breaker.Sum(mesh.Clock.GetTimestamp());

    private static async Task<T> AdvancedAsync<T>(ScriptedMesh mesh, Task<T> call)
    {
        await mesh.Clock.AdvanceUntilAsync(() => call.IsCompleted, TimeSpan.FromMilliseconds(1), Minute, Token);
        return await call;
    }
}
