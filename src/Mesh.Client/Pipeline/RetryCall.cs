using System.Globalization;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Retries;
using Mesh.Client.Services;

namespace Mesh.Client.Pipeline;

/// <summary>A call that left the happy path: it judges whether another attempt is due, and sends it. Polly counts and waits.</summary>
internal sealed class RetryCall : IRetryCall
{
    private readonly MeshEngine _engine;
    private readonly AttemptSteps _steps;
    private readonly MeshService _service;
    private readonly ServiceSnapshot _snapshot;
    private readonly HttpRequestMessage _request;
    private readonly CallLimits _limits;
    private readonly int _maxAttempts;
    private readonly bool _replayable;
    private readonly bool _synchronous;
    private readonly CancellationToken _cancellationToken;
    private readonly List<EndpointNode> _tried = [];
    private int _attempts = 1;

    public RetryCall(
        MeshEngine engine,
        AttemptSteps steps,
        MeshService service,
        ServiceSnapshot snapshot,
        HttpRequestMessage request,
        CallerContext caller,
        in CallLimits limits,
        bool replayable,
        bool synchronous,
        in AttemptReply first,
        CancellationToken cancellationToken)
    {
        _engine = engine;
        _steps = steps;
        _service = service;
        _snapshot = snapshot;
        _request = request;
        _limits = limits;
        _maxAttempts = caller.MaxAttempts ?? snapshot.Policy.Retry.MaxAttempts;
        _replayable = replayable;
        _synchronous = synchronous;
        _cancellationToken = cancellationToken;
        First = first;
    }

    public AttemptReply First { get; }

    public TimeSpan Delay { get; private set; }

    /// <summary>Sends what further attempts are allowed.</summary>
    public ValueTask<AttemptReply> FinishAsync() =>
        TryPrepareRetry(First) ? _engine.Retry.ContinueAsync(this, _cancellationToken) : ValueTask.FromResult(First);

    public bool TryPrepareRetry(in AttemptReply reply)
    {
        RetryPolicy policy = _snapshot.Policy.Retry;
        if (_attempts >= _maxAttempts || _cancellationToken.IsCancellationRequested || !RetryRules.IsRetryable(policy, _request, reply, _replayable))
        {
            return false;
        }

        _tried.Add(reply.Node!);
        long now = _engine.Clock.GetTimestamp();
        Delay = NextDelay(policy, reply);
        if (_limits.Deadline != long.MaxValue && now + _engine.Ticks(Delay) >= _limits.Deadline)
        {
            return false;
        }

        if (!_service.Budget.TryWithdraw(now, policy.BudgetRatio, policy.BudgetMinPerSecond))
        {
            return false;
        }

        reply.Response?.Dispose();
        return true;
    }

    public async ValueTask<AttemptReply> SendAgainAsync(CancellationToken cancellationToken)
    {
        _attempts++;
        _request.Headers.Remove(RetryRules.AttemptCountHeader);
        _request.Headers.TryAddWithoutValidation(RetryRules.AttemptCountHeader, _attempts.ToString(CultureInfo.InvariantCulture));
        long now = _engine.Clock.GetTimestamp();
        TimeSpan limit = _limits.ForAttempt(now, _engine.Clock.TimestampFrequency, out bool isFullTimeout);
        if (limit < TimeSpan.Zero)
        {
            return new AttemptReply(null, AttemptSteps.OutOfTime(_service, _limits), FailureKind.DeadlineExceeded, null);
        }

        Attempt attempt;
        try
        {
            attempt = _steps.Begin(_service, _service.Snapshot ?? _snapshot, _request, now, _tried);
        }
        catch (MeshException error)
        {
            return new AttemptReply(null, error, FailureKind.Local, null);
        }

        AttemptTimer timer = _steps.Timers.Rent();
        AttemptReply reply;
        try
        {
            HttpResponseMessage response = await AttemptSteps.SendAsync(attempt.Node, _request, timer, limit, _synchronous, cancellationToken).ConfigureAwait(false);
            reply = _steps.Receive(ref attempt, _request, response);
        }
        catch (Exception error) when (attempt.IsOpen)
        {
            reply = _steps.Fail(ref attempt, _service, _request, error, timer, _limits, isFullTimeout, cancellationToken);
        }
        finally
        {
            attempt.Dispose();
            _steps.Timers.Return(timer, reusable: _request.Content is null);
        }

        return reply;
    }

    // An endpoint that said when to come back is left alone until then; another one may be asked at once.
    private TimeSpan NextDelay(RetryPolicy policy, in AttemptReply reply)
    {
        TimeSpan jitter = Backoff.FullJitter(_attempts, policy.BaseDelay, policy.MaxDelay, _engine.Random);
        if (reply.Response is null || HasOther())
        {
            return jitter;
        }

        return RetryRules.RetryAfter(reply.Response, _engine.Clock.GetUtcNow()) + jitter;
    }

    private bool HasOther()
    {
        foreach (EndpointNode node in _snapshot.Nodes)
        {
            if (!_tried.Contains(node))
            {
                return true;
            }
        }

        return false;
    }
}
