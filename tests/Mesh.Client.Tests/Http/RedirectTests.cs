using System.Net;
using System.Net.Http.Headers;
using Mesh.Client.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.Tests.Http;

public sealed class RedirectTests
{
    private readonly RecordingHandler _primary = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/y?z=1", "http://orders/y?z=1")]
    [InlineData("y", "http://orders/a/y")]
    [InlineData("../y", "http://orders/y")]
    [InlineData("?q=2", "http://orders/a/x?q=2")]
    [InlineData("//orders/y", "http://orders/y")]
    [InlineData("http://orders/y", "http://orders/y")]
    [InlineData("http://orders.mesh/y", "http://orders.mesh/y")]
    [InlineData("http://orders/%C3%BC/y", "http://orders/%C3%BC/y")]
    public async Task SendAsync_RedirectWithinTheService_IsFollowedThroughTheMesh(string location, string expected)
    {
        using var mesh = new ScriptedMesh();
        mesh[1].Reply(_ => To(302, location));

        using HttpResponseMessage response = await mesh.Client.GetAsync("http://orders/a/x", Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(expected, mesh[1].Requests[1].Uri?.AbsoluteUri);
        Assert.Equal(expected, response.RequestMessage?.RequestUri?.AbsoluteUri);
        Assert.Equal(0, mesh.InFlight);
    }

    [Fact]
    public async Task SendAsync_RedirectToAnotherService_GoesToItsEndpoints()
    {
        using var mesh = new ScriptedMesh();
        mesh.Registry.Set("billing", "10.0.0.7:80");
        mesh[1].Reply(static _ => To(307, "http://billing/y"));

        using HttpResponseMessage response = await mesh.Client.PostAsync("http://orders/x", new StringContent("body"), Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        ScriptedRequest request = mesh[7].Requests.Single();
        Assert.Equal("POST http://billing/y", request.ToString());
        Assert.Equal("body"u8, request.Body.Span);
    }

    [Fact]
    public async Task SendAsync_RedirectToAnOutsideHost_GoesToThePrimary()
    {
        using var mesh = new ScriptedMesh();
        mesh[1].Reply(static _ => To(302, "https://www.example.com/y"));
        using HttpMessageInvoker invoker = mesh.Over(_primary);

        using HttpResponseMessage response = await invoker.SendAsync(new HttpRequestMessage(HttpMethod.Get, "http://orders/x"), Token);

        Assert.Equal(["GET https://www.example.com/y"], _primary.Seen);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData(300, "GET", "GET", true)]
    [InlineData(300, "POST", "GET", false)]
    [InlineData(301, "POST", "GET", false)]
    [InlineData(301, "PUT", "PUT", true)]
    [InlineData(302, "POST", "GET", false)]
    [InlineData(302, "DELETE", "DELETE", true)]
    [InlineData(303, "POST", "GET", false)]
    [InlineData(303, "PUT", "GET", false)]
    [InlineData(303, "HEAD", "HEAD", true)]
    [InlineData(307, "POST", "POST", true)]
    [InlineData(307, "PUT", "PUT", true)]
    [InlineData(308, "POST", "POST", true)]
    [InlineData(308, "PATCH", "PATCH", true)]
    public async Task SendAsync_Status_DecidesOfMethodAndBody(int status, string method, string expected, bool keepsBody)
    {
        using var mesh = new ScriptedMesh();
        mesh[1].Reply(_ => To(status, "/y"));
        using var request = new HttpRequestMessage(new HttpMethod(method), "http://orders/x") { Content = new StringContent("body") };

        using HttpResponseMessage response = await mesh.Client.SendAsync(request, Token);

        ScriptedRequest second = mesh[1].Requests[1];
        Assert.Equal(expected, second.Method.Method);
        Assert.Equal(keepsBody ? "body" : "", System.Text.Encoding.UTF8.GetString(second.Body.Span));
        Assert.Equal(keepsBody, second.Headers.ContainsKey("Content-Type"));
    }

    [Theory]
    [InlineData(304)]
    [InlineData(305)]
    [InlineData(306)]
    [InlineData(399)]
    [InlineData(201)]
    public async Task SendAsync_OtherStatusWithALocation_IsTheAnswer(int status)
    {
        using var mesh = new ScriptedMesh();
        mesh[1].Reply(_ => To(status, "/y"));

        using HttpResponseMessage response = await mesh.Client.GetAsync("http://orders/x", Token);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(1, mesh[1].Calls);
    }

    [Theory]
    [InlineData("")]
    [InlineData("http://[half")]
    [InlineData("ftp://orders/y")]
    [InlineData("file:///etc/passwd")]
    [InlineData("javascript:alert(1)")]
    [InlineData("https+http://orders/y")]
    public async Task SendAsync_LocationThatCannotBeFollowed_IsTheAnswer(string location)
    {
        using var mesh = new ScriptedMesh();
        mesh[1].Reply(_ => To(302, location));

        using HttpResponseMessage response = await mesh.Client.GetAsync("http://orders/x", Token);

        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        Assert.Equal(1, mesh[1].Calls);
    }

    [Fact]
    public async Task SendAsync_NoLocation_IsTheAnswer()
    {
        using var mesh = new ScriptedMesh();
        mesh[1].Reply(HttpStatusCode.Found);

        using HttpResponseMessage response = await mesh.Client.GetAsync("http://orders/x", Token);

        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        Assert.Equal(1, mesh[1].Calls);
    }

    [Fact]
    public async Task SendAsync_FromHttpsToHttp_IsNotFollowed()
    {
        using var mesh = new ScriptedMesh();
        mesh[1].Reply(static _ => To(302, "http://orders/y"));

        using HttpResponseMessage response = await mesh.Client.GetAsync("https://orders/x", Token);

        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        Assert.Equal(1, mesh[1].Calls);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SendAsync_Loop_EndsAfterFifty(bool betweenServices)
    {
        using var mesh = new ScriptedMesh();
        mesh.Registry.Set("billing", "10.0.0.7:80");
        mesh[1].Reply(_ => To(302, betweenServices ? "http://billing/x" : "/x")).Always();
        mesh[7].Reply(static _ => To(302, "http://orders/x")).Always();

        using HttpResponseMessage response = await mesh.Client.GetAsync("http://orders/x", Token);

        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        Assert.Equal(51, mesh[1].Calls + mesh[7].Calls);
        Assert.Equal(0, mesh.InFlight);
    }

    [Theory]
    [InlineData("/y")]
    [InlineData("http://billing/y")]
    [InlineData("http://www.example.com/y")]
    public async Task SendAsync_Redirected_TheAuthorizationStaysBehindAndTheRestGoesAlong(string location)
    {
        using var mesh = new ScriptedMesh();
        mesh.Registry.Set("billing", "10.0.0.7:80");
        mesh[1].Reply(_ => To(302, location));
        using HttpMessageInvoker invoker = mesh.Over(_primary);
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/x") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", "secret") } };
        request.Headers.Add("x-tenant", "7");

        using HttpResponseMessage response = await invoker.SendAsync(request, Token);

        Assert.Equal("Bearer secret", mesh[1].Requests[0].Headers["Authorization"]);
        ScriptedRequest? second = mesh[1].Requests.Concat(mesh[7].Requests).ElementAtOrDefault(1);
        if (second is null)
        {
            Assert.Null(_primary.LastAuthorization);
        }
        else
        {
            Assert.False(second.Headers.ContainsKey("Authorization"));
            Assert.Equal("7", second.Headers["x-tenant"]);
        }
    }

    [Fact]
    public async Task SendAsync_RedirectAfterASecondAttempt_CountsItsOwnAttempts()
    {
        using var mesh = new ScriptedMesh(endpoints: ["10.0.0.1:80", "10.0.0.2:80"]);
        mesh.Registry.Set("billing", "10.0.0.7:80");
        mesh[1].Reset();
        mesh[2].Reply(static _ => To(302, "http://billing/y"));

        using HttpResponseMessage response = await mesh.Client.GetAsync("http://orders/x", Token);

        Assert.False(mesh[7].Requests.Single().Headers.ContainsKey("x-envoy-attempt-count"));
    }

    [Fact]
    public async Task SendAsync_TargetFails_IsTriedAgainThere()
    {
        using var mesh = new ScriptedMesh();
        mesh.Registry.Set("billing", "10.0.0.7:80", "10.0.0.8:80");
        mesh[1].Reply(static _ => To(302, "http://billing/y"));
        mesh[7].Reset();

        using HttpResponseMessage response = await mesh.Client.GetAsync("http://orders/x", Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal((1, 1, 1), (mesh[1].Calls, mesh[7].Calls, mesh[8].Calls));
    }

    [Fact]
    public async Task SendAsync_SlowChain_EndsAtTheTimeoutOfTheCall()
    {
        using var mesh = new ScriptedMesh(static options => options.Timeout = TimeSpan.FromSeconds(5));
        mesh[1].Delay(TimeSpan.FromSeconds(2)).Reply(static _ => To(302, "/x")).Always();
        DateTimeOffset started = mesh.Clock.GetUtcNow();

        Task<HttpResponseMessage> call = mesh.Client.GetAsync("http://orders/x", Token);
        await mesh.Clock.AdvanceUntilAsync(() => call.IsCompleted, TimeSpan.FromMilliseconds(500), TimeSpan.FromMinutes(3), Token);

        Assert.Equal(MeshError.Timeout, (await Assert.ThrowsAsync<MeshException>(() => call)).Error);
        Assert.Equal(TimeSpan.FromSeconds(5), mesh.Clock.GetUtcNow() - started);
    }

    [Fact]
    public async Task SendAsync_PolicySaysNo_IsTheAnswer()
    {
        using var mesh = new ScriptedMesh(static options => options.Transport.FollowRedirects = false);
        mesh[1].Reply(static _ => To(302, "/y"));

        using HttpResponseMessage response = await mesh.Client.GetAsync("http://orders/x", Token);

        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        Assert.Equal(1, mesh[1].Calls);
    }

    [Fact]
    public async Task SendAsync_RedirectedToAServiceWhosePolicySaysNo_EndsThere()
    {
        using var mesh = new ScriptedMesh(mesh: static m => m.AddService("billing", static o => o.Transport.FollowRedirects = false));
        mesh.Registry.Set("billing", "10.0.0.7:80");
        mesh[1].Reply(static _ => To(302, "http://billing/y"));
        mesh[7].Reply(static _ => To(302, "/z"));

        using HttpResponseMessage response = await mesh.Client.GetAsync("http://orders/x", Token);

        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        Assert.Equal((1, 1), (mesh[1].Calls, mesh[7].Calls));
    }

    [Fact]
    public async Task SendAsync_ClientDoesNotFollow_IsTheAnswer()
    {
        using var mesh = new ScriptedMesh();
        mesh[1].Reply(static _ => To(302, "/y"));
        using HttpMessageInvoker invoker = mesh.Over(_primary, followRedirects: false);

        using HttpResponseMessage response = await invoker.SendAsync(new HttpRequestMessage(HttpMethod.Get, "http://orders/x"), Token);

        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
    }

    [Fact]
    public void Send_Redirect_IsFollowedToo()
    {
        using var mesh = new ScriptedMesh();
        mesh[1].Reply(static _ => To(302, "/y"));

        using HttpResponseMessage response = mesh.Client.Send(new HttpRequestMessage(HttpMethod.Get, "http://orders/x"), Token);

        Assert.Equal("http://orders/y", mesh[1].Requests[1].Uri?.ToString());
    }

    [Theory]
    [InlineData("#new", "", "#new")]
    [InlineData("", "#old", "#old")]
    [InlineData("#new", "#old", "#new")]
    public async Task SendAsync_Fragment_IsInherited(string target, string origin, string expected)
    {
        using var mesh = new ScriptedMesh();
        mesh[1].Reply(_ => To(302, $"/y{target}"));

        using HttpResponseMessage response = await mesh.Client.GetAsync($"http://orders/x{origin}", Token);

        Assert.Equal(expected, response.RequestMessage?.RequestUri?.Fragment);
    }

    private static HttpResponseMessage To(int status, string location)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent("moved") };
        response.Headers.TryAddWithoutValidation("Location", location);
        return response;
    }
}
