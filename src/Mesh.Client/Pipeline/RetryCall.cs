using System.Globalization;
using Mesh.Client.Grpc;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Pipeline.Grpc;
using Mesh.Client.Retries;
using Mesh.Client.Services;

namespace Mesh.Client.Pipeline;

/// <summary>A call that left the happy path: it judges whether another attempt is due, and sends it. Polly counts and waits.</summary>
internal sealed class RetryCall : IRetryCall
{
    // An endpoint that wants more than this gets no second attempt, even where the call has all the time.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    // However many endpoints there are: a fleet that refuses everything is not asked from one end to the other by each call.
    private const int MaxMoves = 8;

    private static readonly TimeSpan s_settling = TimeSpan.FromSeconds(1);

    private readonly MeshEngine _engine;
    private readonly AttemptSteps _steps;
    private readonly Call _call;
    private readonly CallLimits _limits;
    private readonly List<EndpointNode> _tried;
    private readonly int _before;
    private readonly long _started;
    private int _attempts;
    private int _moves;
    private bool _isMove;
    private Exception? _lastError;

    /// <summary>Takes a call over.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="steps">The steps of an attempt.</param>
    /// <param name="call">The call.</param>
    /// <param name="started">When it began.</param>
    /// <param name="first">What came back so far.</param>
    /// <param name="attempts">How many attempts were sent.</param>
    /// <param name="tried">Where they were sent, apart from that of <paramref name="first"/>.</param>
    public RetryCall(MeshEngine engine, AttemptSteps steps, in Call call, long started, in AttemptReply first, int attempts = 1, List<EndpointNode>? tried = null)
    {
        _attempts = attempts;
        _tried = tried ?? [];
        _engine = engine;
        _steps = steps;
        _call = call;
        _limits = steps.Limits(call, started);
        _started = started;
        _before = call.IsGrpc ? GrpcAttempt.Before(call.Request) : 0;
        First = first;
    }

    public AttemptReply First { get; }

    public TimeSpan Delay { get; private set; }

    /// <summary>Sends what further attempts are allowed.</summary>
    public async Task<HttpResponseMessage> FinishAsync()
    {
        CancellationToken cancelled = _call.CancellationToken;
        AttemptReply last = First;
        try
        {
            await SettleAsync(First).ConfigureAwait(false);
            if (TryPrepareRetry(First))
            {
                last = await _engine.Retry.ContinueAsync(this, cancelled).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException error) when (cancelled.IsCancellationRequested)
        {
            // While it waited for its turn.
            var canceled = new TaskCanceledException(null, error, cancelled);
            _steps.Meter.Failed(_call, _started, canceled);
            throw canceled;
        }
        finally
        {
            // A redirect, or a handler above that sends the request once more, counts anew.
            _call.Request.Headers.Remove(RetryRules.AttemptCountHeader);
            if (_call.IsGrpc)
            {
                GrpcAttempt.Mark(_call.Request, _before, left: null);
            }
        }

        // As with any handler, a failure after the caller's cancellation is that cancellation.
        if (cancelled.IsCancellationRequested && last is { Exception: not null, Kind: not FailureKind.Canceled })
        {
            last = last with { Exception = new TaskCanceledException(null, last.Exception, cancelled) };
        }

        if (IsInVain(last))
        {
            _engine.Inbound.NoteFailureBelow(_attempts + _moves);
        }

        if (last.Response is null)
        {
            _steps.Meter.Failed(_call, _started, last.Exception!);
        }

        return last.Response is { } answer ? _steps.Meter.Done(_call, _started, answer) : last.Unwrap();
    }

    public bool TryPrepareRetry(in AttemptReply reply)
    {
        RetryPolicy policy = _call.Snapshot.Policy.Retry;
        if (_call.MaxAttempts < 2 || _call.CancellationToken.IsCancellationRequested || !RetryRules.IsRetryable(policy, _call.Request, reply, CanReplay(_call)))
        {
            return false;
        }

        _tried.Add(reply.Node!);
        long now = _engine.Clock.GetTimestamp();
        _isMove = reply.Kind is FailureKind.Refused && _moves < MaxMoves && HasOther(now);
        if (_isMove || (_attempts < _call.MaxAttempts && _call.IsGrpc && reply.Kind is FailureKind.ConnectFailure && HasOther(now)))
        {
            _lastError = reply.Exception;
            Delay = TimeSpan.Zero;
            return !_limits.IsOver(now);
        }

        if (_attempts >= _call.MaxAttempts || (_call.IsGrpc && !_call.Service.Throttle.OnFailure(policy)))
        {
            return false;
        }

        TimeSpan wish = reply.Response is null || HasOther(now) ? TimeSpan.Zero : RetryRules.RetryAfter(reply.Response, _engine.Clock.GetUtcNow());
        TimeSpan? pushback = null;
        if (_call.IsGrpc && reply.Response is not null)
        {
            GrpcVerdict.AllowsRetry(reply.Response, out pushback);
        }

        // What was refused unread goes elsewhere at once.
        Delay = pushback ?? (reply.Kind is FailureKind.Refused ? TimeSpan.Zero : wish + Backoff.FullJitter(_attempts, policy.BaseDelay, policy.MaxDelay, _engine.Random));
        if (wish > LongestWait || pushback > LongestWait || _limits.IsOver(now + _engine.Ticks(Delay)))
        {
            return false;
        }

        if (!_call.Service.Budget.TryWithdraw(now, policy.BudgetRatio, policy.BudgetMinPerSecond))
        {
            return false;
        }

        reply.Response?.Dispose();
        _lastError = reply.Exception;
        return true;
    }

    public async ValueTask<AttemptReply> SendAgainAsync(CancellationToken cancellationToken)
    {
        if (_isMove)
        {
            _moves++;
        }
        else
        {
            _attempts++;
        }

        int sent = _attempts + _moves;
        _call.Request.Headers.Remove(RetryRules.AttemptCountHeader);
        _call.Request.Headers.TryAddWithoutValidation(RetryRules.AttemptCountHeader, sent.ToString(CultureInfo.InvariantCulture));
        long now = _engine.Clock.GetTimestamp();
        if (_call.IsGrpc)
        {
            GrpcAttempt.Mark(_call.Request, _before + _attempts - 1, _call.Caller.Before?.Left(now, _engine.Clock.TimestampFrequency));
        }

        if (_limits.IsOver(now))
        {
            return new AttemptReply(null, TimeoutErrors.OfCall(_call.Service, _limits), FailureKind.DeadlineExceeded, null);
        }

        Attempt attempt;
        try
        {
            attempt = _steps.Begin(_call with { Snapshot = _call.Service.Renew(_call.Snapshot) }, now, _tried);
        }
        catch (MeshException error)
        {
            // What made the call look for another endpoint says more than that there is none.
            return new AttemptReply(null, new MeshException(error.Error, error.ServiceName, error.Message, _lastError), FailureKind.Local, null);
        }

        AttemptReply reply = await _steps.RunAsync(_call, attempt, sent, _limits).ConfigureAwait(false);
        await SettleAsync(reply).ConfigureAwait(false);
        return reply;
    }

    // Whoever serves a request with this call need not hope for more from another try of its own caller: that is what the reply will say.
    private bool IsInVain(in AttemptReply last)
    {
        RetryPolicy policy = _call.Snapshot.Policy.Retry;
        return last.Response is { } answer
            ? RetryRules.WasRetriedBelow(answer) || (_call.MaxAttempts > 1 && (_call.IsGrpc ? GrpcCall.IsRetryable(_call, answer) : RetryRules.IsRetryable(policy, answer) && RetryRules.MaySendTwice(policy, _call.Request.Method)))
            : _attempts + _moves > 1 || (_call.MaxAttempts > 1 && RetryRules.IsRetryable(policy, _call.Request, last, CanReplay(_call)));
    }

    /// <summary>Whether the request's body can be sent once more.</summary>
    public static bool CanReplay(in Call call) => call.Replayable || (RetryRules.IsReplayable(call.Request.Content) && !RetryRules.IsReadOnce(call.Request.Content));

    // Whether a message can be sent again is known when the writing of it has ended, which a broken connection does at once.
    private async ValueTask SettleAsync(AttemptReply reply)
    {
        if (_call.IsGrpc && reply.Response is null)
        {
            Task settled = ((GrpcContent)_call.Request.Content!).SettledAsync();
            if (!settled.IsCompleted)
            {
                await settled.WaitAsync(s_settling, _engine.Clock, _call.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // An endpoint that said when to come back is left alone until then; another one may be asked at once.
    private bool HasOther(long now)
    {
        foreach (EndpointNode node in _call.Snapshot.Candidates)
        {
            if (!_tried.Contains(node) && ServiceSnapshot.Serves(node, _call.Request.RequestUri!.Scheme) && node.IsAvailable(now))
            {
                return true;
            }
        }

        return false;
    }
}
