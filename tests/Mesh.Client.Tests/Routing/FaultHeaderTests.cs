using System.Net;
using Mesh.Client.Faults;
using Mesh.Client.Model;
using Mesh.Client.Tests.Grpc;

namespace Mesh.Client.Tests.Routing;

/// <summary>Envoy, HTTP fault filter, "Controlling fault injection via HTTP headers".</summary>
public sealed class FaultHeaderTests
{
    private const string Delay = "x-envoy-fault-delay-request";
    private const string Abort = "x-envoy-fault-abort-request";
    private const string AbortGrpc = "x-envoy-fault-abort-grpc-request";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("200", 200)]
    [InlineData("429", 429)]
    [InlineData(" 599 ", 599)]
    [InlineData("199", null)]
    [InlineData("600", null)]
    [InlineData("-503", null)]
    [InlineData("+503", null)]
    [InlineData("503.0", null)]
    [InlineData("0x1f7", null)]
    [InlineData("", null)]
    [InlineData("abort", null)]
    [InlineData("99999999999999999999999999", null)]
    public void Plan_AbortHeader_IsAStatusOrNothing(string value, int? status)
    {
        FaultPlan plan = Plan((Abort, value));

        Assert.Equal(status, plan.Status);
        Assert.Equal(status is null, plan.IsHarmless);
    }

    [Theory]
    [InlineData("0", 0u)]
    [InlineData("16", 16u)]
    [InlineData("4294967295", uint.MaxValue)]
    [InlineData("4294967296", null)]
    [InlineData("-1", null)]
    [InlineData("x", null)]
    public void Plan_AbortGrpcHeader_IsAnyStatusOrNothing(string value, uint? status) => Assert.Equal(status, Plan((AbortGrpc, value)).GrpcStatus);

    [Fact]
    public void Plan_BothAbortHeaders_TakesTheOneOfHttp()
    {
        Assert.Equal((404, (uint?)null), (Plan((Abort, "404"), (AbortGrpc, "5")).Status, Plan((Abort, "404"), (AbortGrpc, "5")).GrpcStatus));
        Assert.Equal(5u, Plan((Abort, "bad"), (AbortGrpc, "5")).GrpcStatus);
    }

    [Theory]
    [InlineData("250", 250)]
    [InlineData("0", 0)]
    [InlineData("-1", 0)]
    [InlineData("1s", 0)]
    [InlineData("18446744073709551615", 24 * 60 * 60 * 1000)]
    [InlineData("18446744073709551616", 0)]
    public void Plan_DelayHeader_IsMilliseconds(string value, int milliseconds) => Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Plan((Delay, value)).Delay);

    [Theory]
    [InlineData(null, 0.4)]
    [InlineData("10", 0.1)]
    [InlineData("0", 0)]
    [InlineData("40", 0.4)]
    [InlineData("100", 0.4)]
    [InlineData("4000000000", 0.4)]
    [InlineData("-1", 0.4)]
    [InlineData("ten", 0.4)]
    public void Plan_Percentage_CanOnlyLowerTheRoutes(string? value, double rate)
    {
        FaultPlan plan = Plan((Delay, "1"), (Abort, "500"), (Delay + "-percentage", value), (Abort + "-percentage", value));

        Assert.Equal((rate, rate), (plan.DelayRate, plan.AbortRate));
    }

    [Fact]
    public void Plan_SeveralValues_GoesByTheFirst()
    {
        using var request = new HttpRequestMessage();
        request.Headers.TryAddWithoutValidation(Abort, ["404", "500"]);

        Assert.Equal(404, FaultPlan.Of(s_policy, request).Status);
    }

    [Fact]
    public void Plan_WithoutFromHeaders_DoesNotLookAtThem()
    {
        using var request = new HttpRequestMessage { Headers = { { Delay, "5" }, { Abort, "404" }, { Abort + "-percentage", "1" } } };

        FaultPlan plan = FaultPlan.Of(s_policy with { FromHeaders = false, Delay = TimeSpan.FromSeconds(1) }, request);

        Assert.Equal((TimeSpan.FromSeconds(1), 0.4, 503, 0.4), (plan.Delay, plan.DelayRate, plan.Status, plan.AbortRate));
    }

    [Fact]
    public async Task Call_WithoutTheHeaders_GoesUnharmed()
    {
        using ScriptedMesh mesh = ByHeaders();

        using HttpResponseMessage response = await mesh.Client.GetAsync(new Uri("http://orders/x"), Token);

        Assert.Equal((HttpStatusCode.OK, 1), (response.StatusCode, mesh[1].Calls));
    }

    [Fact]
    public async Task Call_WithDelayAndAbortHeaders_IsHeldAndFailed()
    {
        using ScriptedMesh mesh = ByHeaders();
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/x") { Headers = { { Delay, "2500" }, { Abort, "418" } } };
        long start = mesh.Clock.GetTimestamp();

        Task<HttpResponseMessage> call = mesh.Client.SendAsync(request, Token);
        await mesh.Clock.AdvanceUntilAsync(() => call.IsCompleted, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1), Token);

        Assert.Equal(418, (int)(await call).StatusCode);
        Assert.InRange(mesh.Clock.GetElapsedTime(start), TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task GrpcCall_WithStatusThatGrpcDoesNotKnow_GetsIt()
    {
        using ScriptedMesh mesh = ByHeaders();
        using HttpRequestMessage request = GrpcMesh.Request();
        request.Headers.TryAddWithoutValidation(AbortGrpc, "4294967295");

        using HttpResponseMessage reply = await mesh.Invoker.SendAsync(request, Token);

        Assert.Equal("4294967295", Assert.Single(reply.Headers.GetValues("grpc-status")));
    }

    [Fact]
    public async Task Call_WithGrpcHeaderButNoGrpc_GetsStatus200()
    {
        using ScriptedMesh mesh = ByHeaders();
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/x") { Headers = { { AbortGrpc, "14" } } };

        using HttpResponseMessage response = await mesh.Client.SendAsync(request, Token);

        Assert.Equal((HttpStatusCode.OK, 0), (response.StatusCode, mesh[1].Calls));
        Assert.Equal("fault filter abort", await response.Content.ReadAsStringAsync(Token));
    }

    private static readonly FaultPolicy s_policy = new() { FromHeaders = true, DelayPercent = 40, AbortPercent = 40 };

    private static FaultPlan Plan(params (string Name, string? Value)[] headers)
    {
        using var request = new HttpRequestMessage();
        foreach ((string name, string? value) in headers)
        {
            if (value is not null)
            {
                Assert.True(request.Headers.TryAddWithoutValidation(name, value));
            }
        }

        return FaultPlan.Of(s_policy, request);
    }

    private static ScriptedMesh ByHeaders() => RoutedMesh.Faulty(static f => (f.FromHeaders, f.DelayPercent, f.AbortPercent) = (true, 100, 100));
}
