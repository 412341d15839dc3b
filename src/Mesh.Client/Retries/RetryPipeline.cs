using Polly;
using Polly.Retry;

namespace Mesh.Client.Retries;

/// <summary>
/// Polly's retry, from the second attempt on: the first one went out directly, and its reply is what the first callback returns. Polly waits
/// and counts; the call decides, because it knows the budget, the deadline and the endpoints.
/// </summary>
internal sealed class RetryPipeline
{
    private static readonly ResiliencePropertyKey<IRetryCall> CallKey = new("mesh.call");
    private static readonly ResiliencePropertyKey<bool> StartedKey = new("mesh.started");

    private readonly ResiliencePipeline<AttemptReply> _pipeline;

    public RetryPipeline(TimeProvider timeProvider)
    {
        _pipeline = new ResiliencePipelineBuilder<AttemptReply> { TimeProvider = timeProvider, Name = "mesh" }
            .AddRetry(new RetryStrategyOptions<AttemptReply>
            {
                MaxRetryAttempts = int.MaxValue,
                ShouldHandle = static args => ValueTask.FromResult(ShouldRetry(args)),
                DelayGenerator = static args => ValueTask.FromResult<TimeSpan?>(CallOf(args.Context).Delay),
            })
            .Build();
    }

    /// <summary>Goes on with a call after its first attempt.</summary>
    public async ValueTask<AttemptReply> ContinueAsync(IRetryCall call, CancellationToken cancellationToken)
    {
        ResilienceContext context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, cancellationToken);
        try
        {
            context.Properties.Set(CallKey, call);
            return await _pipeline.ExecuteAsync(static c => AttemptAsync(c), context).ConfigureAwait(false);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static ValueTask<AttemptReply> AttemptAsync(ResilienceContext context)
    {
        IRetryCall call = CallOf(context);
        if (context.Properties.TryGetValue(StartedKey, out _))
        {
            return call.SendAgainAsync(context.CancellationToken);
        }

        context.Properties.Set(StartedKey, true);
        return ValueTask.FromResult(call.First);
    }

    // The first reply was judged, and paid for, before this pipeline was asked at all.
    private static bool ShouldRetry(RetryPredicateArguments<AttemptReply> args) =>
        args.Outcome.Exception is null && (args.AttemptNumber == 0 || CallOf(args.Context).TryPrepareRetry(args.Outcome.Result));

    private static IRetryCall CallOf(ResilienceContext context) => context.Properties.GetValue(CallKey, null!);
}
