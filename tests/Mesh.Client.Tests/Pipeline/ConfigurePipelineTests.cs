using System.Collections.Concurrent;
using System.Net;
using Mesh.Client.Model;
using Mesh.Client.Options;
using Mesh.Client.Retries;
using Mesh.Client.Tests.Waiting;
using Microsoft.Extensions.DependencyInjection;
using Polly;
using Polly.CircuitBreaker;

namespace Mesh.Client.Tests.Pipeline;

public sealed class ConfigurePipelineTests
{
    private static readonly string[] Two = ["10.0.0.1:80", "10.0.0.2:80"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SendAsync_Strategy_SeesRequestServiceAttemptAndEndpointOfEachAttempt()
    {
        var seen = new ConcurrentQueue<(string, string, int, string)>();
        using var mesh = new ScriptedMesh(o => o.ConfigurePipeline(p => p.AddStrategy(_ => new NotingStrategy(seen))), Two);
        mesh[1].Reply(HttpStatusCode.ServiceUnavailable);

        (await mesh.Client.GetAsync("http://orders/x", Token)).Dispose();

        Assert.Equal(
            [("http://orders/x", "orders", 1, "10.0.0.1:80"), ("http://orders/x", "orders", 2, "10.0.0.2:80")], seen);
    }

    [Fact]
    public async Task SendAsync_SeveralCalls_TheFirstIsTheOutermost()
    {
        var order = new ConcurrentQueue<string>();
        using var mesh = new ScriptedMesh(o => o
            .ConfigurePipeline(p => p.AddStrategy(_ => new OrderStrategy("outer", order)))
            .ConfigurePipeline(p => p.AddStrategy(_ => new OrderStrategy("inner", order))));

        (await mesh.Client.GetAsync("http://orders/x", Token)).Dispose();

        Assert.Equal(["outer", "inner"], order);
    }

    [Fact]
    public async Task SendAsync_TimeoutOfThePipeline_IsAFailureOfTheEndpointAndRetried()
    {
        using var mesh = new ScriptedMesh(static o => o.ConfigurePipeline(static p => p.AddTimeout(TimeSpan.FromSeconds(1))), Two);
        mesh[1].Hang();

        Task<HttpResponseMessage> call = mesh.Client.GetAsync("http://orders/x", Token);
        await Until.HoldsAsync(() => mesh[1].InFlight == 1);
        mesh.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(HttpStatusCode.OK, (await call).StatusCode);
        Assert.Equal(1, mesh.Node("10.0.0.1:80").Breaker.Sum(mesh.Clock.GetTimestamp()).Failures);
        Assert.Equal(0, mesh.InFlight);
    }

    [Fact]
    public async Task SendAsync_RejectedByThePipeline_EndsTheCallAndIsNobodysFault()
    {
        using var mesh = new ScriptedMesh(
            static o => o.ConfigurePipeline(static p => p.AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
            {
                MinimumThroughput = 2,
                ShouldHandle = static args => ValueTask.FromResult(args.Outcome.Result?.StatusCode is HttpStatusCode.Conflict),
            })),
            Two);
        mesh[1].Reply(HttpStatusCode.Conflict).Times(2);
        (await mesh.Client.GetAsync("http://orders/x", Token)).Dispose();
        (await mesh.Client.GetAsync("http://orders/x", Token)).Dispose();

        await Assert.ThrowsAsync<BrokenCircuitException>(() => mesh.Client.GetAsync("http://orders/x", Token));

        Assert.Equal((2, 0), (mesh[1].Calls, mesh[2].Calls));
        Assert.Equal(0, mesh.Node("10.0.0.1:80").Breaker.Sum(mesh.Clock.GetTimestamp()).Failures);
        Assert.Equal(0, mesh.InFlight);
    }

    [Fact]
    public async Task SendAsync_CallerCancelsInThePipeline_IsTheCallersCancellation()
    {
        using var mesh = new ScriptedMesh(static o => o.ConfigurePipeline(static p => p.AddTimeout(TimeSpan.FromHours(1))), Two);
        mesh[1].Hang();
        using var source = new CancellationTokenSource();
        Task<HttpResponseMessage> call = mesh.Invoker.SendAsync(new HttpRequestMessage(HttpMethod.Get, "http://orders/x"), source.Token);
        await Until.HoldsAsync(() => mesh[1].InFlight == 1);

        await source.CancelAsync();

        Assert.Equal(source.Token, (await Assert.ThrowsAsync<TaskCanceledException>(() => call)).CancellationToken);
        Assert.Equal(0, mesh.InFlight);
    }

    [Fact]
    public async Task SendAsync_EndpointsChange_ThePipelineKeepsItsState()
    {
        var seen = new ConcurrentQueue<(string, string, int, string)>();
        int made = 0;
        using var mesh = new ScriptedMesh(
            o => o.ConfigurePipeline(p => p.AddStrategy(_ =>
            {
                Interlocked.Increment(ref made);
                return new NotingStrategy(seen);
            })),
            Two);
        (await mesh.Client.GetAsync("http://orders/x", Token)).Dispose();
        int before = made;

        mesh.Registry.Set("orders", "10.0.0.2:80");
        await Until.HoldsAsync(() => mesh.Nodes.Length == 1);
        (await mesh.Client.GetAsync("http://orders/x", Token)).Dispose();

        Assert.Equal(before, made);
        Assert.Equal(2, seen.Count);
    }

    [Fact]
    public void Start_PipelineThatCannotBeMade_IsAnErrorOfTheOptions()
    {
        using var mesh = new ScriptedMesh(static o => o.ConfigurePipeline(static p => p.AddTimeout(TimeSpan.FromSeconds(-1))));

        var error = Assert.Throws<MeshOptionsException>(() => mesh.Services);

        Assert.StartsWith("AddService(\"orders\"): ConfigurePipeline threw ValidationException", Assert.Single(error.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SendAsync_PipelineThatFailsOnlyWhenItIsMade_LeavesTheServiceWithoutOneAndSaysSo()
    {
        int made = 0;
        using var mesh = new ScriptedMesh(o => o.ConfigurePipeline(_ =>
        {
            if (Interlocked.Increment(ref made) > 1)
            {
                throw new InvalidOperationException("the file with the thresholds is gone");
            }
        }));

        Assert.Equal(HttpStatusCode.OK, (await mesh.Client.GetAsync("http://orders/x", Token)).StatusCode);

        Assert.Contains("ConfigurePipeline", Assert.Single(mesh.Log.Of(2015)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SendAsync_ChaosOfPolly_IsLikeThatOfTheTransport()
    {
        using var mesh = new ScriptedMesh(
            static o => o.ConfigurePipeline(static p => p.AddStrategy(static _ => new FaultyStrategy())), Two);

        Assert.Equal(HttpStatusCode.OK, (await mesh.Client.GetAsync("http://orders/x", Token)).StatusCode);
        Assert.Equal((0, 1), (mesh[1].Calls, mesh[2].Calls));
        Assert.Equal(1, mesh.Node("10.0.0.1:80").Breaker.Sum(mesh.Clock.GetTimestamp()).Failures);
    }

    private sealed class NotingStrategy(ConcurrentQueue<(string, string, int, string)> seen) : ResilienceStrategy<HttpResponseMessage>
    {
        protected override ValueTask<Outcome<HttpResponseMessage>> ExecuteCore<TState>(
            Func<ResilienceContext, TState, ValueTask<Outcome<HttpResponseMessage>>> callback, ResilienceContext context, TState state)
        {
            context.Properties.TryGetValue(MeshResilienceKeys.Request, out HttpRequestMessage? request);
            context.Properties.TryGetValue(MeshResilienceKeys.ServiceName, out string? service);
            context.Properties.TryGetValue(MeshResilienceKeys.AttemptNumber, out int attempt);
            context.Properties.TryGetValue(MeshResilienceKeys.Endpoint, out MeshEndpoint? endpoint);
            seen.Enqueue((request!.RequestUri!.ToString(), service!, attempt, endpoint!.Authority));
            return callback(context, state);
        }
    }

    private sealed class OrderStrategy(string name, ConcurrentQueue<string> order) : ResilienceStrategy<HttpResponseMessage>
    {
        protected override ValueTask<Outcome<HttpResponseMessage>> ExecuteCore<TState>(
            Func<ResilienceContext, TState, ValueTask<Outcome<HttpResponseMessage>>> callback, ResilienceContext context, TState state)
        {
            order.Enqueue(name);
            return callback(context, state);
        }
    }

    private sealed class FaultyStrategy : ResilienceStrategy<HttpResponseMessage>
    {
        protected override ValueTask<Outcome<HttpResponseMessage>> ExecuteCore<TState>(
            Func<ResilienceContext, TState, ValueTask<Outcome<HttpResponseMessage>>> callback, ResilienceContext context, TState state) =>
            context.Properties.GetValue(MeshResilienceKeys.AttemptNumber, 0) == 1
                ? Polly.Outcome.FromExceptionAsValueTask<HttpResponseMessage>(new HttpRequestException("injected"))
                : callback(context, state);
    }
}
