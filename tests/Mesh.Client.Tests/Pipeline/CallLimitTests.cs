using System.Net;
using Mesh.Client.Options;
using Mesh.Client.Tests.Grpc;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.Tests.Pipeline;

public sealed class CallLimitTests
{
    private static readonly Uri s_uri = new("http://orders/x");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SendAsync_RateLimitUsedUp_IsRefusedWithoutBeingSent()
    {
        using var mesh = new ScriptedMesh(Rate(2));
        await Calls(mesh, 2);

        MeshException error = await Assert.ThrowsAsync<MeshException>(() => mesh.Client.GetAsync(s_uri, Token));

        Assert.Equal((MeshError.RateLimited, "orders"), (error.Error, error.ServiceName));
        Assert.Contains("\"few\"", error.Message, StringComparison.Ordinal);
        Assert.InRange(error.RetryAfter!.Value.TotalSeconds, 0.5, 0.501);
        Assert.Equal(2, mesh[1].Calls);
        Assert.Equal(0, mesh.Node("10.0.0.1:80").Breaker.Sum(mesh.Clock.GetTimestamp()).Failures);
        mesh.Clock.Advance(error.RetryAfter.Value);
        await Calls(mesh, 1);
    }

    [Fact]
    public async Task SendAsync_RetriesOfACall_TakeNoFurtherPermit()
    {
        using var mesh = new ScriptedMesh(Rate(1), ["10.0.0.1:80", "10.0.0.2:80"]);
        mesh[1].Reply(HttpStatusCode.ServiceUnavailable);

        using HttpResponseMessage response = await mesh.Client.GetAsync(s_uri, Token);

        Assert.Equal((HttpStatusCode.OK, 1, 1), (response.StatusCode, mesh[1].Calls, mesh[2].Calls));
    }

    [Fact]
    public async Task SendAsync_LimitByHeader_CountsEachValueByItself()
    {
        using var mesh = new ScriptedMesh(static o => o.RateLimits = [new RateLimitOptions { Key = "header:x-tenant", Permits = 1 }]);

        foreach (string tenant in new[] { "a", "b" })
        {
            using HttpResponseMessage first = await mesh.Client.SendAsync(Tenant(tenant), Token);
            await Assert.ThrowsAsync<MeshException>(() => mesh.Client.SendAsync(Tenant(tenant), Token));
        }

        Assert.Equal(2, mesh[1].Calls);
    }

    [Fact]
    public async Task SendAsync_RateLimitWithAQueue_WaitsWithinTheTimeout()
    {
        using var mesh = new ScriptedMesh(static o => o.RateLimits = [new RateLimitOptions { Permits = 1, QueueLimit = 1 }]);
        await Calls(mesh, 1);

        Task<HttpResponseMessage> waiting = mesh.Client.GetAsync(s_uri, Token);
        await Assert.ThrowsAsync<MeshException>(() => mesh.Client.GetAsync(s_uri, Token));
        await mesh.Clock.AdvanceUntilAsync(() => waiting.IsCompleted, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2), Token);

        using HttpResponseMessage response = await waiting;
        Assert.Equal(2, mesh[1].Calls);
    }

    [Fact]
    public async Task SendAsync_NoRoom_IsRefusedAndTheRoomComesBack()
    {
        using var mesh = new ScriptedMesh(static o => o.Concurrency.Limit = 1);
        await Calls(mesh, 1);
        mesh[1].Hang();
        using var cancel = new CancellationTokenSource();
        Task<HttpResponseMessage> under = mesh.Client.GetAsync(s_uri, cancel.Token);

        MeshException error = await Assert.ThrowsAsync<MeshException>(() => mesh.Client.GetAsync(s_uri, Token));
        Assert.Equal(MeshError.ConcurrencyLimited, error.Error);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => under);

        await Calls(mesh, 3);
    }

    [Fact]
    public async Task SendAsync_BodyUnderWay_HoldsItsPlaceUntilItEnds()
    {
        using var mesh = new ScriptedMesh(static o => o.Concurrency.Limit = 1);
        mesh[1].Reply(static _ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new MemoryStream(new byte[10])) { Headers = { ContentLength = null } } }).Always();
        HttpResponseMessage held = await mesh.Invoker.SendAsync(new HttpRequestMessage(HttpMethod.Get, s_uri), Token);

        await Assert.ThrowsAsync<MeshException>(() => mesh.Invoker.SendAsync(new HttpRequestMessage(HttpMethod.Get, s_uri), Token));
        await held.Content.ReadAsByteArrayAsync(Token);

        using HttpResponseMessage next = await mesh.Invoker.SendAsync(new HttpRequestMessage(HttpMethod.Get, s_uri), Token);
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Fact]
    public async Task SendAsync_RoomWithAQueue_ServesWhoWaits()
    {
        using var mesh = new ScriptedMesh(static o =>
        {
            o.Concurrency.Limit = 1;
            o.Concurrency.QueueLimit = 1;
        });
        await Calls(mesh, 1);
        mesh[1].Delay(TimeSpan.FromSeconds(1)).Reply(HttpStatusCode.OK);
        Task<HttpResponseMessage> first = mesh.Client.GetAsync(s_uri, Token);
        Task<HttpResponseMessage> second = mesh.Client.GetAsync(s_uri, Token);
        await Assert.ThrowsAsync<MeshException>(() => mesh.Client.GetAsync(s_uri, Token));

        await mesh.Clock.AdvanceUntilAsync(() => first.IsCompleted && second.IsCompleted, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5), Token);

        Assert.All([await first, await second], static r => Assert.Equal(HttpStatusCode.OK, r.StatusCode));
    }

    [Fact]
    public async Task SendAsync_RedirectsUnderALimitOfOne_LeaveBeforeTheyEnterAgain()
    {
        using var mesh = new ScriptedMesh(static o => o.Concurrency.Limit = 1);
        for (int i = 0; i < 3; i++)
        {
            mesh[1].Reply(static _ => new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = new Uri("/y", UriKind.Relative) }, Content = Chunked() });
            mesh[1].Reply(static _ => new HttpResponseMessage(HttpStatusCode.OK) { Content = Chunked() });

            using HttpResponseMessage response = await mesh.Client.GetAsync(s_uri, Token);

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal(0, mesh.Services.InUse.Single().Snapshot!.Room!.Limit.InFlight);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SendAsync_WaitedForALimit_HasOnlyTheRestOfItsTimeout(bool forARate)
    {
        using var mesh = new ScriptedMesh(o =>
        {
            o.Timeout = TimeSpan.FromSeconds(3);
            o.AttemptTimeout = TimeSpan.Zero;
            o.Retry.MaxAttempts = 1;
            if (forARate)
            {
                o.RateLimits = [new RateLimitOptions { Permits = 1, Per = TimeSpan.FromSeconds(2), QueueLimit = 1 }];
            }
            else
            {
                (o.Concurrency.Limit, o.Concurrency.QueueLimit) = (1, 1);
            }
        });
        mesh[1].Delay(TimeSpan.FromSeconds(forARate ? 0 : 2)).Reply(HttpStatusCode.OK);
        Task<HttpResponseMessage> first = mesh.Client.GetAsync(s_uri, Token);
        if (forARate)
        {
            await first;
        }
        else
        {
            await Until.HoldsAsync(() => mesh[1].Calls == 1);
        }

        mesh[1].Hang();
        long began = mesh.Clock.GetTimestamp();
        Task<HttpResponseMessage> second = mesh.Client.GetAsync(s_uri, Token);
        await mesh.Clock.AdvanceUntilAsync(() => second.IsCompleted, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10), Token);

        Assert.Equal(MeshError.Timeout, (await Assert.ThrowsAsync<MeshException>(() => second)).Error);
        Assert.Equal(2, mesh[1].Calls);
        Assert.InRange(mesh.Clock.GetElapsedTime(began).TotalSeconds, 2.9, 3.5);
        (await first).Dispose();
    }

    [Fact]
    public async Task SendAsync_GrpcCallOverALimit_IsResourceExhausted()
    {
        using var mesh = new ScriptedMesh(Rate(1));
        mesh[1].Reply(static _ => GrpcMesh.Messages(0)).Always();
        using HttpResponseMessage passed = await mesh.Invoker.SendAsync(GrpcMesh.Request(), Token);

        using HttpResponseMessage refused = await mesh.Invoker.SendAsync(GrpcMesh.Request(), Token);

        Assert.Equal(8, await GrpcMesh.StatusOf(refused));
        Assert.Equal(1, mesh[1].Calls);
    }

    private static Action<ServiceOptions> Rate(int permits) => o => o.RateLimits = [new RateLimitOptions { Name = "few", Permits = permits }];

    private static StreamContent Chunked() => new(new MemoryStream(new byte[10])) { Headers = { ContentLength = null } };

    private static HttpRequestMessage Tenant(string name) => new(HttpMethod.Get, s_uri) { Headers = { { "x-tenant", name } } };

    private static async Task Calls(ScriptedMesh mesh, int count)
    {
        for (int i = 0; i < count; i++)
        {
            using HttpResponseMessage response = await mesh.Client.GetAsync(s_uri, Token);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }
}
