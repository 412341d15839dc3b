using System.Globalization;
using System.Net;
using Mesh.Client.Model;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.Tests.Pipeline;

public sealed class RetryAfterTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SendAsync_AnotherEndpoint_IsAskedAtOnce()
    {
        using var mesh = new ScriptedMesh(endpoints: ["10.0.0.1:80", "10.0.0.2:80"]);
        mesh[1].Reply(_ => Unavailable("20"));

        using HttpResponseMessage response = await mesh.Client.GetAsync("http://orders/x", Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(1, mesh[2].Calls);
    }

    [Theory]
    [InlineData("10")]
    [InlineData("date")]
    public async Task SendAsync_SingleEndpoint_IsAskedAgainWhenItSaid(string wait)
    {
        using var mesh = new ScriptedMesh();
        string value = wait == "date" ? mesh.Clock.GetUtcNow().AddSeconds(10).ToString("R", CultureInfo.InvariantCulture) : wait;
        mesh[1].Reply(_ => Unavailable(value));

        Task<HttpResponseMessage> call = mesh.Client.GetAsync("http://orders/x", Token);
        await mesh.Clock.AdvanceUntilAsync(() => mesh[1].Calls == 2, Step, TimeSpan.FromSeconds(11), Token);
        TimeSpan waited = mesh[1].Requests[1].ReceivedAt - mesh[1].Requests[0].ReceivedAt;

        Assert.Equal(HttpStatusCode.OK, (await call).StatusCode);
        Assert.InRange(waited, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10.2));
    }

    [Theory]
    [InlineData("other scheme")]
    [InlineData("ejected")]
    public async Task SendAsync_OthersCannotBeUsed_WaitsAsForASingleEndpoint(string why)
    {
        using var mesh = new ScriptedMesh(static options => options.CircuitBreaker.ConsecutiveFailures = 1);
        mesh.Registry.Set("orders", new MeshEndpoint("10.0.0.2", 80) { Scheme = why == "other scheme" ? "https" : null }, new MeshEndpoint("10.0.0.1", 80));
        mesh[2].Reset();
        if (why == "ejected")
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => mesh.Client.PostAsync("http://orders/x", null, Token));
        }

        mesh[1].Reply(_ => Unavailable("3"));
        Task<HttpResponseMessage> call = mesh.Client.GetAsync("http://orders/x", Token);
        await mesh.Clock.AdvanceUntilAsync(() => call.IsCompleted, Step, TimeSpan.FromSeconds(4), Token);

        Assert.Equal(HttpStatusCode.OK, (await call).StatusCode);
        Assert.InRange(mesh[1].Requests[1].ReceivedAt - mesh[1].Requests[0].ReceivedAt, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3.2));
    }

    [Theory]
    [InlineData("30")]
    [InlineData("3600")]
    [InlineData("2147483647")]
    public async Task SendAsync_LongerThanTheDeadline_GivesTheResponseBackAtOnce(string wait)
    {
        using var mesh = new ScriptedMesh(static options => options.Timeout = TimeSpan.FromSeconds(30));
        mesh[1].Reply(_ => Unavailable(wait));

        using HttpResponseMessage response = await mesh.Client.GetAsync("http://orders/x", Token);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("later", await response.Content.ReadAsStringAsync(Token));
        Assert.Equal(wait, response.Headers.GetValues("Retry-After").Single());
        Assert.Equal(1, mesh[1].Calls);
    }

    [Theory]
    [InlineData("3600")]
    [InlineData("2147483647")]
    [InlineData("Fri, 31 Dec 9999 23:59:59 GMT")]
    public async Task SendAsync_NoDeadlineAndAnAbsurdWait_GivesTheResponseBack(string wait)
    {
        using var mesh = new ScriptedMesh(static options => options.Timeout = TimeSpan.Zero);
        mesh[1].Reply(_ => Unavailable(wait));

        Task<HttpResponseMessage> call = mesh.Client.GetAsync("http://orders/x", Token);
        await mesh.Clock.AdvanceUntilAsync(() => call.IsCompleted, Step, TimeSpan.FromSeconds(5), Token);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await call).StatusCode);
    }

    [Theory]
    [InlineData("-5")]
    [InlineData("soon")]
    [InlineData("")]
    [InlineData("99999999999999999999")]
    [InlineData("Fri, 31 Dec 1999 23:59:59 GMT")]
    public async Task SendAsync_ValueThatSaysNothing_IsAnOrdinaryRetry(string wait)
    {
        using var mesh = new ScriptedMesh();
        mesh[1].Reply(_ => Unavailable(wait));

        using HttpResponseMessage response = await mesh.Client.GetAsync("http://orders/x", Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task SendAsync_CancelledWhileItWaits_EndsAtOnceWithTheCallersToken()
    {
        using var mesh = new ScriptedMesh();
        mesh[1].Reply(_ => Unavailable("20"));
        using var source = new CancellationTokenSource();
        Task<HttpResponseMessage> viaClient = mesh.Client.GetAsync("http://orders/x", source.Token);
        await Until.HoldsAsync(() => mesh[1].Calls == 1 && mesh.InFlight == 0);
        mesh[1].Reply(_ => Unavailable("20"));
        Task<HttpResponseMessage> viaInvoker = mesh.Invoker.SendAsync(new HttpRequestMessage(HttpMethod.Get, "http://orders/x"), source.Token);
        await Until.HoldsAsync(() => mesh[1].Calls == 2 && mesh.InFlight == 0);

        await source.CancelAsync();

        Assert.Equal(source.Token, (await Assert.ThrowsAsync<TaskCanceledException>(() => viaClient)).CancellationToken);
        Assert.Equal(source.Token, (await Assert.ThrowsAsync<TaskCanceledException>(() => viaInvoker)).CancellationToken);
        Assert.Equal(2, mesh[1].Calls);
    }

    private static HttpResponseMessage Unavailable(string wait)
    {
        var response = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { Content = new StringContent("later") };
        response.Headers.TryAddWithoutValidation("Retry-After", wait);
        return response;
    }
}
