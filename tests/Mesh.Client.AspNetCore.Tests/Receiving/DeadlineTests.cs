using Mesh.Client.Inbound;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.AspNetCore.Tests.Receiving;

/// <summary>Until when a request is worked on.</summary>
public sealed class DeadlineTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("grpc-timeout: 10S", 10.0)]
    [InlineData("grpc-timeout: 100m", 0.1)]
    [InlineData("grpc-timeout: 1H", 3600.0)]
    [InlineData("grpc-timeout: 99999999H", 365 * 86400.0)]
    [InlineData("grpc-timeout: 00000001n", 0.0000001)]
    [InlineData("x-envoy-expected-rq-timeout-ms: 1500", 1.5)]
    [InlineData("x-envoy-expected-rq-timeout-ms: 99999999999999999999999999", 365 * 86400.0)]
    [InlineData("grpc-timeout: 10S\r\nx-envoy-expected-rq-timeout-ms: 1500", 1.5)]
    [InlineData("grpc-timeout: 1S\r\nx-envoy-expected-rq-timeout-ms: 1500", 1.0)]
    [InlineData("grpc-timeout: 1S\r\nx-envoy-expected-rq-timeout-ms: soon", 1.0)]
    [InlineData("grpc-timeout: -1S", null)]
    [InlineData("grpc-timeout: 1", null)]
    [InlineData("grpc-timeout: S", null)]
    [InlineData("grpc-timeout: 1s", null)]
    [InlineData("grpc-timeout: 123456789S", null)]
    [InlineData("grpc-timeout: 1 S", null)]
    [InlineData("grpc-timeout: 1S\r\ngrpc-timeout: 2S", null)]
    [InlineData("x-envoy-expected-rq-timeout-ms: -1", null)]
    [InlineData("x-envoy-expected-rq-timeout-ms: 1.5", null)]
    [InlineData("x-envoy-expected-rq-timeout-ms: 1e3", null)]
    [InlineData("x-envoy-expected-rq-timeout-ms: ", null)]
    [InlineData("x-other: 1", null)]
    public async Task Deadline_OfARequest_IsWhatItsHeadersSay(string header, double? seconds)
    {
        var clock = new Mesh.Client.Testing.ManualTimeProvider();
        long? left = null;
        await using ReceivingApp app = await ReceivingApp.StartAsync(
            run: context =>
            {
                long deadline = context.RequestServices.GetRequiredService<InboundContext>().Current!.Deadline;
                left = deadline == long.MaxValue ? null : deadline - clock.GetTimestamp();
                return Task.CompletedTask;
            },
            mesh: mesh => Microsoft.Extensions.DependencyInjection.MeshBuilderExtensions.UseTimeProvider(mesh, clock));

        // The shortest one has passed by the time that it is looked at, were the clock not standing.
        int status = await app.StatusOfAsync("GET /", header);

        Assert.Equal(200, status);
        Assert.Equal(seconds is null ? null : (long)(seconds * clock.TimestampFrequency), left);
    }

    [Theory]
    [InlineData("grpc-timeout: 0S")]
    [InlineData("grpc-timeout: 00000000n")]
    [InlineData("x-envoy-expected-rq-timeout-ms: 0")]
    public async Task Deadline_HasPassed_IsRefusedBeforeTheApplicationStarts(string header)
    {
        bool ran = false;
        await using ReceivingApp app = await ReceivingApp.StartAsync(run: _ =>
        {
            ran = true;
            return Task.CompletedTask;
        });

        string answer = await app.RawAsync("GET /", header);

        Assert.StartsWith("HTTP/1.1 504 ", answer, StringComparison.Ordinal);
        Assert.Contains("application/problem+json", answer, StringComparison.Ordinal);
        Assert.False(ran);
    }

    [Fact]
    public async Task Deadline_OfARequest_HoldsForItsCallsAndNotForWhatItLeavesBehind()
    {
        var clock = new Mesh.Client.Testing.ManualTimeProvider();
        var told = new TaskCompletionSource<Exception?>();
        var late = new TaskCompletionSource();
        await using ReceivingApp callee = await ReceivingApp.StartAsync(run: static context => context.Response.WriteAsync(context.Request.Headers["x-envoy-expected-rq-timeout-ms"].ToString() + "|" + context.Request.Headers["x-mesh-caller"]));
        await using ReceivingApp app = await ReceivingApp.StartAsync(
            run: context =>
            {
                HttpClient client = context.RequestServices.GetRequiredService<IHttpClientFactory>().CreateClient("x");
                _ = CallLaterAsync(client);
                return AnswerAsync(context, client);
            },
            mesh: mesh => mesh.UseTimeProvider(clock).ConfigureLocal(static local => local.Service = "middle").AddService("callee", callees => callees.Endpoints.Add(new() { Address = callee.Uri.ToString() })));
        using var request = new HttpRequestMessage(HttpMethod.Get, app.Uri) { Headers = { { "x-envoy-expected-rq-timeout-ms", "300" } } };

        using HttpResponseMessage response = await app.Client.SendAsync(request, Token);
        clock.Advance(TimeSpan.FromSeconds(1));
        late.SetResult();

        string[] seen = (await response.Content.ReadAsStringAsync(Token)).Split('|');
        Assert.Equal(["300", "middle"], seen);
        Assert.Null(await told.Task);

        async Task CallLaterAsync(HttpClient client)
        {
            await late.Task;
            told.SetResult(await Record.ExceptionAsync(() => client.GetAsync(new Uri("http://callee/"), Token)));
        }

        static async Task AnswerAsync(HttpContext context, HttpClient client) => await context.Response.WriteAsync(await client.GetStringAsync(new Uri("http://callee/"), Token), Token);
    }
}
