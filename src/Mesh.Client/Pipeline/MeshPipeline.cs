using Mesh.Client.Nodes;
using Mesh.Client.Pipeline.Inherited;
using Mesh.Client.Retries;
using Mesh.Client.Services;

namespace Mesh.Client.Pipeline;

/// <summary>
/// The way of a call, in its order: count it, prepare its body, pick a node and pass its gate, send, judge, complete. One asynchronous method
/// with synchronous steps in it, because each further layer that waits would cost as much as the pick. Retries leave for
/// <see cref="RetryCall"/>, which goes through the same steps.
/// </summary>
internal sealed class MeshPipeline : IDisposable
{
    private readonly AttemptSteps _steps;
    private readonly MeshEngine _engine;

    public MeshPipeline(MeshEngine engine)
    {
        _engine = engine;
        _steps = new AttemptSteps(engine);
    }

    /// <summary>Sends a call to a service.</summary>
    /// <param name="service">The service.</param>
    /// <param name="snapshot">Its state, which the whole call goes by.</param>
    /// <param name="request">The request, against the logical URI.</param>
    /// <param name="caller">The client that calls.</param>
    /// <param name="synchronous">Whether to block the calling thread, for <c>HttpClient.Send</c>.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="MeshException">The mesh itself ended the call.</exception>
    public Task<HttpResponseMessage> SendAsync(
        MeshService service, ServiceSnapshot snapshot, HttpRequestMessage request, CallerContext caller, bool synchronous, CancellationToken cancellationToken)
    {
        if (Inheritance.IsPossible(snapshot.Local, _engine.Inbound))
        {
            caller = Inheritance.Apply(request, snapshot.Local, _engine.Inbound.Current, caller);
            if (caller.InheritedDeadline is { } deadline && _engine.Clock.GetTimestamp() >= deadline)
            {
                return Task.FromException<HttpResponseMessage>(Inheritance.TooLate(service));
            }
        }

        RequestBody.Guard(request, snapshot.Policy.Retry);
        var call = new Call(service, snapshot, request, caller, synchronous, cancellationToken);
        return RequestBody.MustBuffer(request, snapshot.Policy, call.MaxAttempts) ? BufferAndSendAsync(call) : HedgeCall.IsAllowed(call) ? SendHedgedAsync(call) : SendAsync(call);
    }

    public void Dispose() => _steps.Timers.Dispose();

    private async Task<HttpResponseMessage> BufferAndSendAsync(Call call)
    {
        await RequestBody.BufferAsync(call.Request, call.Snapshot.Policy.Retry, call.CancellationToken).ConfigureAwait(false);
        call = call with { Replayable = true };
        return await (HedgeCall.IsAllowed(call) ? SendHedgedAsync(call) : SendAsync(call)).ConfigureAwait(false);
    }

    // Only where a policy hedges. As below, but the attempt is waited for only so long before HedgeCall sends others beside it.
    private async Task<HttpResponseMessage> SendHedgedAsync(Call call)
    {
        long now = _engine.Clock.GetTimestamp();
        call.Service.OnCall(now);
        Attempt attempt = _steps.Begin(call, now, tried: null);
        AttemptTimer timer = _steps.Timers.Rent();
        HedgeCall? hedge = null;
        AttemptReply reply;
        try
        {
            Task<HttpResponseMessage> sending = AttemptSteps.SendAsync(call, attempt, timer, CallLimits.ForFirst(call.Snapshot.Policy, call.Caller, now, _engine.Clock.TimestampFrequency));
            TimeSpan wait = HedgeCall.DelayOf(call, now);
            if (!sending.IsCompleted && wait > TimeSpan.Zero)
            {
                await ((Task)sending.WaitAsync(wait, _engine.Clock)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            if (!sending.IsCompleted && wait > TimeSpan.Zero)
            {
                hedge = new HedgeCall(_engine, _steps, call, wait, attempt.Node, _steps.Limits(call, now));
                reply = await hedge.SendAsync(sending, attempt.Move(), timer).ConfigureAwait(false);
            }
            else
            {
                reply = _steps.Receive(ref attempt, call, await sending.ConfigureAwait(false));
            }
        }
        catch (Exception error) when (attempt.IsOpen)
        {
            reply = _steps.Fail(ref attempt, call, error, timer, _steps.Limits(call, now));
        }
        finally
        {
            attempt.Dispose();
            if (hedge is null)
            {
                HedgeCall.Learn(call, now, _engine.Clock);
                _steps.Timers.Return(timer, reusable: call.Request.Content is null);
            }
        }

        HttpResponseMessage answer = reply.Response is { } received && !RetryRules.IsRetryable(call.Snapshot.Policy.Retry, received)
            ? received
            : await new RetryCall(_engine, _steps, call, now, reply, hedge?.Attempts ?? 1, hedge?.Tried).FinishAsync().ConfigureAwait(false);
        return MustFollow(call, answer) ? await call.Caller.Follow!(call, answer, _steps.Limits(call, now)).ConfigureAwait(false) : answer;
    }

    // What lives across the wait is memory of every call: whatever only the unhappy path needs is worked out again there.
    private async Task<HttpResponseMessage> SendAsync(Call call)
    {
        long now = _engine.Clock.GetTimestamp();
        call.Service.OnCall(now);
        Attempt attempt = _steps.Begin(call, now, tried: null);
        AttemptTimer timer = _steps.Timers.Rent();
        AttemptReply reply;
        try
        {
            HttpResponseMessage response = await AttemptSteps.SendAsync(call, attempt, timer, CallLimits.ForFirst(call.Snapshot.Policy, call.Caller, now, _engine.Clock.TimestampFrequency)).ConfigureAwait(false);
            reply = _steps.Receive(ref attempt, call, response);
        }
        catch (Exception error) when (attempt.IsOpen)
        {
            reply = _steps.Fail(ref attempt, call, error, timer, _steps.Limits(call, attempt.Started));
        }
        finally
        {
            attempt.Dispose();
            _steps.Timers.Return(timer, reusable: call.Request.Content is null);
        }

        HttpResponseMessage answer = reply.Response is { } received && !RetryRules.IsRetryable(call.Snapshot.Policy.Retry, received)
            ? received
            : await new RetryCall(_engine, _steps, call, attempt.Started, reply).FinishAsync().ConfigureAwait(false);
        return MustFollow(call, answer) ? await call.Caller.Follow!(call, answer, _steps.Limits(call, attempt.Started)).ConfigureAwait(false) : answer;
    }

    private static bool MustFollow(in Call call, HttpResponseMessage answer) =>
        (int)answer.StatusCode is >= 300 and < 400 && call.Caller.Follow is not null && call.Snapshot.Policy.Transport.FollowRedirects;
}
