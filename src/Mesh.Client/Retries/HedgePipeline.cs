using Polly;
using Polly.Hedging;

namespace Mesh.Client.Retries;

/// <summary>
/// Polly's hedging, from the second attempt on: the first one went out directly and has waited its time. Polly runs the attempts side by side, takes
/// the first good reply and cancels the others; the call decides whether there is another one, because it knows the budget, the deadline and the
/// endpoints. Polly waits for the attempts that lost, so each returns at once when it is told.
/// </summary>
internal sealed class HedgePipeline
{
    // Polly's own limit; the call's is lower.
    private const int MaxHedged = 10;

    private static readonly ResiliencePropertyKey<IHedgeCall> CallKey = new("mesh.hedge");

    private readonly ResiliencePipeline<HedgeReply> _pipeline;

    public HedgePipeline(TimeProvider timeProvider)
    {
        _pipeline = new ResiliencePipelineBuilder<HedgeReply> { TimeProvider = timeProvider, Name = "mesh-hedging" }
            .AddHedging(new HedgingStrategyOptions<HedgeReply>
            {
                MaxHedgedAttempts = MaxHedged,
                ShouldHandle = static args => ValueTask.FromResult(args.Outcome.Result is { } reply && CallOf(args.Context).IsPoor(reply.Reply)),
                DelayGenerator = static args => ValueTask.FromResult(CallOf(args.Context).Delay),
                ActionGenerator = static args => Action(CallOf(args.PrimaryContext).TryBegin(args.ActionContext.CancellationToken)),
            })
            .Build();
    }

    /// <summary>Goes on with a call whose first attempt is under way.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async ValueTask<HedgeReply> ContinueAsync(IHedgeCall call, CancellationToken cancellationToken)
    {
        ResilienceContext context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, cancellationToken);
        try
        {
            context.Properties.Set(CallKey, call);
            return await _pipeline.ExecuteAsync(static (c, call) => call.FirstAsync(c.CancellationToken), context, call).ConfigureAwait(false);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static Func<ValueTask<Outcome<HedgeReply>>>? Action(Func<ValueTask<HedgeReply>>? send) =>
        send is null ? null : async () => Outcome.FromResult(await send().ConfigureAwait(false));

    private static IHedgeCall CallOf(ResilienceContext context) => context.Properties.GetValue(CallKey, null!);
}
