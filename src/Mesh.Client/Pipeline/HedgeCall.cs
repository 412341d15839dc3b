using System.Globalization;
using Mesh.Client.Grpc;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Retries;
using Mesh.Client.Services;

namespace Mesh.Client.Pipeline;

/// <summary>
/// A call whose first attempt has waited as long as its policy says. Polly's hedging takes over, and this call begins the attempts beside the first:
/// each to another endpoint, within the budget and the deadline.
/// </summary>
internal sealed class HedgeCall : IHedgeCall
{
    // A timer cannot wait for less, and a wait of nothing would double every call.
    private static readonly TimeSpan ShortestDelay = TimeSpan.FromMilliseconds(1);

    private readonly MeshEngine _engine;
    private readonly AttemptSteps _steps;
    private readonly Call _call;
    private readonly CallLimits _limits;
    private readonly TimeSpan _delay;
    private HedgedAttempt? _first;
    private bool _refused;

    public HedgeCall(MeshEngine engine, AttemptSteps steps, in Call call, TimeSpan delay, EndpointNode first, in CallLimits limits)
    {
        _engine = engine;
        _steps = steps;
        _call = call;
        _delay = delay;
        _limits = limits;
        Tried = [first];
    }

    /// <summary>How many attempts were sent.</summary>
    public int Attempts { get; private set; } = 1;

    /// <summary>Where they were sent.</summary>
    public List<EndpointNode> Tried { get; }

    // Polly asks at once for the first one beside: the time has been waited already.
    TimeSpan IHedgeCall.Delay => _refused || Attempts > _call.Snapshot.Policy.Hedging.MaxHedged ? Timeout.InfiniteTimeSpan : Attempts == 1 ? TimeSpan.Zero : _delay;

    /// <summary>Whether a call may be sent twice at a time.</summary>
    public static bool IsAllowed(in Call call) =>
        call.Snapshot.Hedges && !call.Synchronous && (call.IsGrpc || (RetryRules.MaySendTwice(call.Snapshot.Policy.Retry, call.Request.Method) && RetryCall.CanReplay(call)));

    /// <summary>How long the first attempt is waited for; zero is until its end.</summary>
    public static TimeSpan DelayOf(in Call call, long now)
    {
        HedgingPolicy policy = call.Snapshot.Policy.Hedging;
        TimeSpan delay = policy.Percentile > 0 ? call.Service.Latency.Of(policy.Percentile, now) ?? policy.Delay : policy.Delay;
        return delay <= TimeSpan.Zero || delay > ShortestDelay ? delay : ShortestDelay;
    }

    /// <summary>Counts how long an attempt took, where that is what others wait by. One that was cancelled took at least as long as it ran: left out, the slow ones would be missing.</summary>
    public static void Learn(in Call call, long started, TimeProvider clock)
    {
        if (call.Snapshot.Policy.Hedging.Percentile > 0)
        {
            long ended = clock.GetTimestamp();
            call.Service.Latency.Record(ended - started, ended);
        }
    }

    /// <summary>Waits for the first good reply.</summary>
    /// <param name="sending">The first attempt, under way.</param>
    /// <param name="attempt">Its token.</param>
    /// <param name="timer">Its timer.</param>
    /// <returns>The reply; where none is good, that of the first attempt.</returns>
    public async Task<AttemptReply> SendAsync(Task<HttpResponseMessage> sending, Attempt attempt, AttemptTimer timer)
    {
        _first = new HedgedAttempt(timer, RunAsync(_call, attempt, timer, sending));
        try
        {
            HedgeReply won = await _engine.Hedge.ContinueAsync(this, _call.CancellationToken).ConfigureAwait(false);
            if (won.Reply.Response is { } response)
            {
                // The caller knows of one request only.
                response.RequestMessage = _call.Request;
            }

            return won.Reply;
        }
        catch (OperationCanceledException error) when (_call.CancellationToken.IsCancellationRequested)
        {
            // Polly asks for nothing where the caller has given up already, and the reply may be there all the same.
            _ = _first.AbandonAsync();
            return new AttemptReply(null, new TaskCanceledException(error.Message, error, _call.CancellationToken), FailureKind.Canceled, null);
        }
    }

    ValueTask<HedgeReply> IHedgeCall.FirstAsync(CancellationToken lost) => _first!.WaitAsync(lost);

    Func<ValueTask<HedgeReply>>? IHedgeCall.TryBegin(CancellationToken lost)
    {
        HedgedAttempt? next = null;
        try
        {
            next = _refused ? null : TryBegin();
        }
        catch (Exception)
        {
            // A picker of the user's threw. The call has an attempt under way and needs no other; who has none gets to see the error.
        }

        _refused |= next is null;
        return next is null ? null : () => next.WaitAsync(lost);
    }

    // What nobody would send again is not sent beside either, but an attempt that is under way may still bring a reply: a hedge that a strategy of the
    // user's rejects must not end the call.
    bool IHedgeCall.IsPoor(in AttemptReply reply)
    {
        bool isRetryable = RetryRules.IsRetryable(_call.Snapshot.Policy.Retry, _call.Request, reply, replayable: true);
        bool isFailure = reply.Exception is not null && reply.Kind is not (FailureKind.Canceled or FailureKind.DeadlineExceeded);
        _refused |= isFailure && !isRetryable;
        return isRetryable || isFailure;
    }

    private HedgedAttempt? TryBegin()
    {
        ServicePolicy policy = _call.Snapshot.Policy;
        long now = _engine.Clock.GetTimestamp();
        if (Attempts > policy.Hedging.MaxHedged || _limits.IsOver(now) || (_call.IsGrpc && !MayHedge()) || RequestCopy.TryMake(_call.Request) is not { } copy)
        {
            return null;
        }

        // Only its endpoint is a present one: for all else the call goes by what counted when it began.
        Call beside = _call with { Request = copy };
        Attempt attempt = _steps.Begin(beside with { Snapshot = _call.Service.Renew(_call.Snapshot) }, now, Tried, elsewhere: true);
        if (!attempt.IsOpen)
        {
            return null;
        }

        if (!_call.Service.Budget.TryWithdraw(now, policy.Retry.BudgetRatio, policy.Retry.BudgetMinPerSecond))
        {
            attempt.Dispose();
            return null;
        }

        Attempts++;
        Tried.Add(attempt.Node);
        copy.Headers.Remove(RetryRules.AttemptCountHeader);
        copy.Headers.TryAddWithoutValidation(RetryRules.AttemptCountHeader, Attempts.ToString(CultureInfo.InvariantCulture));
        if (_call.IsGrpc)
        {
            GrpcAttempt.Mark(copy, GrpcAttempt.Before(_call.Request) + Attempts - 1, _call.Caller.Before?.Left(now, _engine.Clock.TimestampFrequency));
        }

        AttemptTimer timer = _steps.Timers.Rent();
        return new HedgedAttempt(timer, RunAsync(beside, attempt, timer, null));
    }

    private bool MayHedge() => ((GrpcContent)_call.Request.Content!).CanBeRepeated && _call.Service.Throttle.AllowsHedge(_call.Snapshot.Policy.Retry);

    private async Task<AttemptReply> RunAsync(Call call, Attempt attempt, AttemptTimer timer, Task<HttpResponseMessage>? sending)
    {
        long started = attempt.Started;
        try
        {
            sending ??= AttemptSteps.SendAsync(call, attempt, timer, _limits.ForAttempt(started, _engine.Clock.TimestampFrequency, out _), Attempts);
            return _steps.Receive(ref attempt, call, await sending.ConfigureAwait(false));
        }
        catch (Exception error) when (attempt.IsOpen)
        {
            return _steps.Fail(ref attempt, call, error, timer, _limits);
        }
        finally
        {
            attempt.Dispose();
            Learn(call, started, _engine.Clock);

            // Not back to the pool: the attempt may be told at any moment that it lost.
            timer.TryDisarm(reusable: false);
        }
    }
}
