using System.Net;
using System.Net.Sockets;
using Mesh.Client.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.Tests.Pipeline;

public sealed class RetryTests
{
    private const string AttemptCount = "x-envoy-attempt-count";
    private static readonly string[] Three = ["10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    [InlineData("PATCH")]
    [InlineData("MKCOL")]
    public async Task SendAsync_ConnectFailure_GoesToAnotherEndpointWhateverTheMethod(string method)
    {
        using var mesh = new ScriptedMesh(endpoints: Three);
        mesh[1].RefuseConnection();

        using HttpResponseMessage response = await mesh.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), "http://orders/x"), Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([1, 1, 0], Calls(mesh));
    }

    [Theory]
    [InlineData("GET", 2)]
    [InlineData("HEAD", 2)]
    [InlineData("OPTIONS", 2)]
    [InlineData("TRACE", 2)]
    [InlineData("PUT", 2)]
    [InlineData("DELETE", 2)]
    [InlineData("POST", 1)]
    [InlineData("PATCH", 1)]
    [InlineData("CONNECT", 1)]
    [InlineData("MKCOL", 1)]
    [InlineData("LOCK", 1)]
    public async Task SendAsync_Reset_IsSentAgainOnlyIfIdempotent(string method, int attempts)
    {
        using var mesh = new ScriptedMesh(endpoints: Three);
        mesh[1].Reset();

        Task<HttpResponseMessage> call = mesh.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), "http://orders/x"), Token);

        if (attempts == 1)
        {
            var error = await Assert.ThrowsAsync<HttpRequestException>(() => call);
            Assert.IsType<SocketException>(error.GetBaseException());
        }
        else
        {
            Assert.Equal(HttpStatusCode.OK, (await call).StatusCode);
        }

        Assert.Equal(attempts, Calls(mesh).Sum());
        Assert.Equal(0, mesh.InFlight);
    }

    [Theory]
    [InlineData("GET", 502, 2)]
    [InlineData("GET", 503, 2)]
    [InlineData("GET", 504, 2)]
    [InlineData("PUT", 503, 2)]
    [InlineData("POST", 502, 1)]
    [InlineData("POST", 503, 1)]
    [InlineData("POST", 504, 1)]
    [InlineData("PATCH", 503, 1)]
    [InlineData("GET", 500, 1)]
    [InlineData("GET", 501, 1)]
    [InlineData("GET", 505, 1)]
    [InlineData("GET", 400, 1)]
    [InlineData("GET", 404, 1)]
    [InlineData("GET", 408, 1)]
    [InlineData("GET", 429, 1)]
    public async Task SendAsync_Status_IsSentAgainOnlyIfTransientAndIdempotent(string method, int status, int attempts)
    {
        using var mesh = new ScriptedMesh(endpoints: Three);
        mesh[1].Reply((HttpStatusCode)status);

        using HttpResponseMessage response = await mesh.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), "http://orders/x"), Token);

        Assert.Equal(attempts == 1 ? status : 200, (int)response.StatusCode);
        Assert.Equal(attempts, Calls(mesh).Sum());
    }

    [Theory]
    [InlineData("", "refuse", 1)]
    [InlineData("", "reset", 1)]
    [InlineData("", "503", 1)]
    [InlineData("503", "503", 2)]
    [InlineData("503", "502", 1)]
    [InlineData("503", "reset", 1)]
    [InlineData("503", "refuse", 1)]
    [InlineData("429,500", "429", 2)]
    [InlineData("429,500", "500", 2)]
    [InlineData("408", "408", 2)]
    [InlineData("connect-failure", "refuse", 2)]
    [InlineData("connect-failure", "reset", 1)]
    [InlineData("reset", "reset", 2)]
    [InlineData("reset", "refuse", 1)]
    [InlineData("reset", "hang", 1)]
    [InlineData("attempt-timeout", "hang", 2)]
    [InlineData("attempt-timeout", "reset", 1)]
    public async Task SendAsync_RetryOn_DecidesWhatIsSentAgain(string on, string fault, int attempts)
    {
        using var mesh = new ScriptedMesh(options => options.Retry.On = on.Split(',', StringSplitOptions.RemoveEmptyEntries), Three);
        Script(mesh[1], fault);

        Task<HttpResponseMessage> call = mesh.Client.GetAsync("http://orders/x", Token);
        await mesh.Clock.AdvanceUntilAsync(() => call.IsCompleted, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), Token);

        Assert.Equal(attempts, Calls(mesh).Sum());
        Assert.Equal(attempts == 2, call.IsCompletedSuccessfully && (await call).IsSuccessStatusCode);
    }

    [Fact]
    public async Task SendAsync_NonIdempotentIsOn_SendsPostAgain()
    {
        using var mesh = new ScriptedMesh(static options => options.Retry.NonIdempotent = true, Three);
        mesh[1].Reset();
        mesh[2].Reply(HttpStatusCode.BadGateway);

        using HttpResponseMessage response = await mesh.Client.PostAsync("http://orders/x", new StringContent("body"), Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.All([mesh[1], mesh[2], mesh[3]], static e => Assert.Equal("body"u8, e.Requests.Single().Body.Span));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task SendAsync_EverythingFails_EndsAfterMaxAttemptsWithTheLastResponseWhole(int maxAttempts)
    {
        using var mesh = new ScriptedMesh(options => options.Retry.MaxAttempts = maxAttempts, Three);
        var contents = new List<DisposeNotingContent>();
        for (int i = 1; i <= 3; i++)
        {
            mesh[i].Reply(_ => Failed(contents)).Always();
        }

        using HttpResponseMessage response = await mesh.Client.GetAsync("http://orders/x", Token);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(maxAttempts, Calls(mesh).Sum());
        Assert.Equal($"answer {maxAttempts}", await response.Content.ReadAsStringAsync(Token));
        Assert.All(contents.SkipLast(1), static c => Assert.True(c.IsDisposed));
    }

    [Fact]
    public async Task SendAsync_EverythingRefuses_EndsWithWhatTheTransportThrew()
    {
        using var mesh = new ScriptedMesh(endpoints: Three);
        Array.ForEach([1, 2, 3], i => mesh[i].RefuseConnection().Always());

        var error = await Assert.ThrowsAsync<HttpRequestException>(() => mesh.Client.GetAsync("http://orders/x", Token));

        Assert.Equal(HttpRequestError.ConnectionError, error.HttpRequestError);
        Assert.Contains("10.0.0.3:80", error.Message, StringComparison.Ordinal);
        Assert.Equal([1, 1, 1], Calls(mesh));
    }

    [Fact]
    public async Task SendAsync_MoreAttemptsThanEndpoints_TriesAllBeforeAnyAgain()
    {
        using var mesh = new ScriptedMesh(static options => options.Retry.MaxAttempts = 5, Three);
        Array.ForEach([1, 2, 3], i => mesh[i].Reset().Always());

        await Assert.ThrowsAsync<HttpRequestException>(() => mesh.Client.GetAsync("http://orders/x", Token));

        Assert.Equal(5, Calls(mesh).Sum());
        Assert.All(Calls(mesh), static calls => Assert.True(calls >= 1));
    }

    [Fact]
    public async Task SendAsync_SentAgain_CountsTheAttempts()
    {
        using var mesh = new ScriptedMesh(endpoints: Three);
        mesh[1].RefuseConnection();
        mesh[2].Reset();

        using HttpResponseMessage response = await mesh.Client.GetAsync("http://orders/x", Token);

        Assert.False(mesh[1].Requests.Single().Headers.ContainsKey(AttemptCount));
        Assert.Equal("2", mesh[2].Requests.Single().Headers[AttemptCount]);
        Assert.Equal("3", mesh[3].Requests.Single().Headers[AttemptCount]);
    }

    [Fact]
    public async Task SendAsync_RequestIsSentOnceMoreFromAbove_ItsAttemptsAreCountedAnew()
    {
        using var mesh = new ScriptedMesh(endpoints: Three);
        mesh[1].Reset();
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/x");

        (await mesh.Invoker.SendAsync(request, Token)).Dispose();
        (await mesh.Invoker.SendAsync(request, Token)).Dispose();

        Assert.Equal("2", mesh[2].Requests.Single().Headers[AttemptCount]);
        Assert.False(mesh[1].Requests[1].Headers.ContainsKey(AttemptCount));
    }

    [Theory]
    [InlineData("2", 1)]
    [InlineData("3", 1)]
    [InlineData("1", 2)]
    [InlineData("many", 2)]
    [InlineData("99999999999999999999", 2)]
    public async Task SendAsync_CalleeTriedAlready_IsNotMultiplied(string count, int attempts)
    {
        using var mesh = new ScriptedMesh(endpoints: Three);
        mesh[1].Reply(_ =>
        {
            var response = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
            response.Headers.TryAddWithoutValidation(AttemptCount, count);
            return response;
        });

        using HttpResponseMessage response = await mesh.Client.GetAsync("http://orders/x", Token);

        Assert.Equal(attempts, Calls(mesh).Sum());
    }

    [Theory]
    [InlineData("refuse")]
    [InlineData("reset")]
    [InlineData("503")]
    public void Send_Failure_IsSentAgainToo(string fault)
    {
        using var mesh = new ScriptedMesh(endpoints: Three);
        Script(mesh[1], fault);

        using HttpResponseMessage response = mesh.Client.Send(new HttpRequestMessage(HttpMethod.Get, "http://orders/x"), Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([1, 1, 0], Calls(mesh));
    }

    [Fact]
    public async Task SendAsync_ClientSetsMaxAttempts_CountsMoreThanThePolicy()
    {
        using var mesh = new ScriptedMesh(endpoints: Three, client: static c => c.AddMesh(static o => o.MaxAttempts = 1));
        mesh[1].Reset();

        await Assert.ThrowsAsync<HttpRequestException>(() => mesh.Client.GetAsync("http://orders/x", Token));

        Assert.Equal([1, 0, 0], Calls(mesh));
    }

    [Fact]
    public async Task SendAsync_OtherFailureOfThisProcess_IsNotSentAgainAndHurtsNobody()
    {
        using var mesh = new ScriptedMesh(static options => options.CircuitBreaker.ConsecutiveFailures = 1, Three);
        mesh[1].Reply(static _ => throw new InvalidOperationException("a bug")).Always();

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => mesh.Client.GetAsync("http://orders/x", Token));

        Assert.Equal("a bug", error.Message);
        Assert.Equal([1, 0, 0], Calls(mesh));
        Assert.Empty(mesh.Log.Of(2005));
    }

    private static int[] Calls(ScriptedMesh mesh) => [mesh[1].Calls, mesh[2].Calls, mesh[3].Calls];

    private static HttpResponseMessage Failed(List<DisposeNotingContent> contents)
    {
        contents.Add(new DisposeNotingContent($"answer {contents.Count + 1}"));
        return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { Content = contents[^1] };
    }

    private static ScriptedEndpoint Script(ScriptedEndpoint endpoint, string fault) => fault switch
    {
        "refuse" => endpoint.RefuseConnection(),
        "reset" => endpoint.Reset(),
        "hang" => endpoint.Hang(),
        _ => endpoint.Reply((HttpStatusCode)int.Parse(fault, System.Globalization.CultureInfo.InvariantCulture)),
    };
}
