using Polly;
using Polly.Simmy;
using Polly.Simmy.Latency;
using Polly.Simmy.Outcomes;

namespace Mesh.Client.Faults;

/// <summary>
/// Polly's chaos strategies, the delay around the failure, as in Envoy's fault filter. Polly draws and waits; the call says what may happen to it. What is behind them is not the call itself
/// but the word that it may go on: a call that is sent pays for no strategy. One for all routes, because all that differs comes with the call.
/// </summary>
internal sealed class FaultPipeline
{
    private static readonly ResiliencePropertyKey<FaultCall> CallKey = new("mesh.fault");

    private readonly ResiliencePipeline<HttpResponseMessage?> _pipeline;

    public FaultPipeline(TimeProvider timeProvider, Random random)
    {
        _pipeline = new ResiliencePipelineBuilder<HttpResponseMessage?> { TimeProvider = timeProvider, Name = "mesh-faults" }
            .AddChaosLatency(new ChaosLatencyStrategyOptions
            {
                EnabledGenerator = static args => ValueTask.FromResult(CallOf(args.Context).Plan.Delay > TimeSpan.Zero),
                InjectionRateGenerator = static args => ValueTask.FromResult(CallOf(args.Context).Plan.DelayRate),
                LatencyGenerator = static args => ValueTask.FromResult(CallOf(args.Context).Hold()),
                Randomizer = random.NextDouble,
            })
            .AddChaosOutcome(new ChaosOutcomeStrategyOptions<HttpResponseMessage?>
            {
                EnabledGenerator = static args => ValueTask.FromResult(!CallOf(args.Context).IsOutOfTime && CallOf(args.Context).Plan.AbortRate > 0),
                InjectionRateGenerator = static args => ValueTask.FromResult(CallOf(args.Context).Plan.AbortRate),
                OutcomeGenerator = static args => ValueTask.FromResult(CallOf(args.Context).Abort() is { } answer ? Outcome.FromResult<HttpResponseMessage?>(answer) : (Outcome<HttpResponseMessage?>?)null),
                Randomizer = random.NextDouble,
            })
            .Build();
    }

    /// <summary>Makes a call suffer what its plan says.</summary>
    /// <returns>The answer of a call that fails; <see langword="null"/> where it may go on.</returns>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async ValueTask<HttpResponseMessage?> ApplyAsync(FaultCall call, CancellationToken cancellationToken)
    {
        ResilienceContext context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, cancellationToken);
        try
        {
            context.Properties.Set(CallKey, call);
            return await _pipeline.ExecuteAsync(static _ => ValueTask.FromResult<HttpResponseMessage?>(null), context).ConfigureAwait(false);
        }
        finally
        {
            call.Leave();
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static FaultCall CallOf(ResilienceContext context) => context.Properties.GetValue(CallKey, null!);
}
