using System.Net;
using Mesh.Client.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.AspNetCore.Tests.Receiving;

/// <summary>What a reply says of the calls that were made for it.</summary>
public sealed class ReplyMarkTests
{
    private const string Header = "x-envoy-attempt-count";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reply_OfACallThatWasTriedInVain_SaysHowOften() => Assert.Equal("3 3", await MarksAsync(503));

    [Fact]
    public async Task Reply_OfACallWithoutABudget_SaysSoToo() => Assert.Equal("2 2", await MarksAsync(503, budget: 0));

    [Fact]
    public async Task Reply_OfACallThatIsMarkedItself_IsMarked() => Assert.Equal("2 2", await MarksAsync(503, static endpoint => endpoint.Reply(static _ => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { Headers = { { Header, "2" } } }).Always()));

    [Fact]
    public async Task Reply_OfACallThatBrokeOff_IsMarked() => Assert.Equal("3 3", await MarksAsync(502, static endpoint => endpoint.RefuseConnection().Always()));

    [Fact]
    public async Task Reply_OfARequestThatCouldDoWithout_IsNotMarked() => Assert.Equal("none none", await MarksAsync(200));

    [Fact]
    public async Task Reply_OfACallThatSucceededInTheEnd_IsNotMarked() => Assert.Equal("none none", await MarksAsync(503, static endpoint => endpoint.Reply(HttpStatusCode.ServiceUnavailable).Times(1)));

    [Fact]
    public async Task Reply_OfAFailureThatNobodyRetries_IsNotMarked() => Assert.Equal("none none", await MarksAsync(503, static endpoint => endpoint.Reply(HttpStatusCode.InternalServerError).Always()));

    [Fact]
    public async Task Reply_OfAProcessThatDoesNotRetry_LeavesThatToItsCaller() => Assert.Equal("none none", await MarksAsync(503, attempts: 1));

    // The first of two requests has no body; that of the second one has begun to leave when the application is done.
    private static async Task<string> MarksAsync(int status, Action<ScriptedEndpoint>? script = null, int attempts = 3, double budget = 100)
    {
        var transport = new ScriptedTransport();
        (script ?? (static endpoint => endpoint.Reply(HttpStatusCode.ServiceUnavailable).Always()))(transport["10.0.0.1:80"]);
        var registry = new InMemoryRegistry();
        registry.Set("below", "10.0.0.1:80");
        await using ReceivingApp app = await ReceivingApp.StartAsync(
            run: async context =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, "http://below/");
                try
                {
                    using HttpResponseMessage answer = await context.RequestServices.GetRequiredService<IHttpClientFactory>().CreateClient().SendAsync(request, context.RequestAborted);
                }
                catch (HttpRequestException)
                {
                    // The endpoint is not there.
                }

                context.Response.StatusCode = status;
                if (context.Request.Path == "/body")
                {
                    await context.Response.WriteAsync("It went wrong.");
                }
            },
            mesh: mesh => mesh.AddInMemoryRegistry(registry).UseScriptedTransport(transport).AddService("below", options =>
            {
                options.Retry.MaxAttempts = attempts;
                options.Retry.BaseDelay = TimeSpan.Zero;
                options.Retry.BudgetRatio = 0;
                options.Retry.BudgetMinPerSecond = budget;
                options.CircuitBreaker.MaxEjectionPercent = 0;
            }));
        List<string> marks = [];
        foreach (string path in (string[])["/", "/body"])
        {
            using HttpResponseMessage reply = await app.Client.GetAsync(new Uri(path, UriKind.Relative), Token);
            Assert.Equal(status, (int)reply.StatusCode);
            marks.Add(reply.Headers.TryGetValues(Header, out IEnumerable<string>? values) ? values.Single() : "none");
        }

        return string.Join(' ', marks);
    }
}
