using Mesh.Client.Grpc;
using Mesh.Client.Limits.Sets;
using Mesh.Client.Nodes;
using Mesh.Client.Pipeline.Bodies;
using Mesh.Client.Pipeline.Grpc;
using Mesh.Client.Pipeline.Inherited;
using Mesh.Client.Pipeline.Observed;
using Mesh.Client.Pipeline.Routes;
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
    private readonly CallRouter _router;
    private readonly CallObserver _observer;

    public MeshPipeline(MeshEngine engine, MeshServices services)
    {
        _engine = engine;
        _observer = new CallObserver(engine, c => InheritAndSendAsync(c));
        _router = new CallRouter(engine, services, c => SendOnAsync(c), FollowAsync);
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
        var call = new Call(service, snapshot, request, caller, synchronous, cancellationToken);
        return _observer.Wants(caller) ? _observer.SendAsync(call) : InheritAndSendAsync(call);
    }

    public void OnUnresolved(MeshService service, HttpRequestMessage request, MeshException error, long started) => _observer.OnUnresolved(service, request, error, started);

    public void Dispose()
    {
        _router.Dispose();
        _steps.Timers.Dispose();
    }

    private Task<HttpResponseMessage> InheritAndSendAsync(in Call call) =>
        Inheritance.IsPossible(call.Snapshot.Local, _engine.Inbound) ? InheritAsync(call) : LeadAndSendAsync(call);

    private Task<HttpResponseMessage> LeadAndSendAsync(in Call call) => call.Snapshot.IsRouted ? _router.SendAsync(call) : SendOnAsync(call);

    private Task<HttpResponseMessage> InheritAsync(Call call)
    {
        call = call with { Caller = Inheritance.Apply(call.Request, call.Snapshot.Local, _engine.Inbound.Current, call.Caller) };
        if (call.Caller.InheritedDeadline is { } deadline && _engine.Clock.GetTimestamp() >= deadline)
        {
            MeshException late = Inheritance.TooLate(call.Service);
            return GrpcRequest.Is(call.Request) && GrpcErrors.TryReply(call.Request, late, call.CancellationToken) is { } reply ? Task.FromResult(reply) : Task.FromException<HttpResponseMessage>(late);
        }

        return LeadAndSendAsync(call);
    }

    private Task<HttpResponseMessage> SendOnAsync(in Call call)
    {
        if (GrpcRequest.Is(call.Request))
        {
            return SendGrpcAsync(call);
        }

        RequestBody.Guard(call.Request, call.Snapshot.Policy.Retry);
        return call.Snapshot.IsGuarded ? SendGuardedAsync(call) : PrepareAndSendAsync(call);
    }

    private Task<HttpResponseMessage> FollowAsync(Call call, HttpResponseMessage answer) =>
        call.MustFollow(answer) ? call.Caller.Follow!(call, answer, _steps.Limits(call, _engine.Clock.GetTimestamp())) : Task.FromResult(answer);

    private Task<HttpResponseMessage> PrepareAndSendAsync(in Call call) =>
        RequestBody.MustBuffer(call.Request, call.Snapshot.Policy, call.MaxAttempts) ? BufferAndSendAsync(call) : HedgeCall.IsAllowed(call) ? SendHedgedAsync(call) : SendAsync(call);

    // Only where a limit may make a call wait, or counts what is under way. All other limits are a step of the ordinary way.
    private async Task<HttpResponseMessage> SendGuardedAsync(Call call)
    {
        ServiceSnapshot snapshot = call.Snapshot;
        long now = _engine.Clock.GetTimestamp();
        CallLimits times = _steps.Limits(call, now);
        if (snapshot.Limits is { MayWait: true } limits)
        {
            ValueTask<LimitRefusal?> taking = CallGate.TakeAsync(call, limits, now, times.Left(now, _engine.Clock.TimestampFrequency) ?? TimeSpan.MaxValue);
            call = taking.IsCompleted ? call : Waiting(call, times);
            if (await taking.ConfigureAwait(false) is { } refusal)
            {
                throw CallGate.Refused(call, refusal);
            }
        }

        if (snapshot.Room is not { } room)
        {
            return await PrepareAndSendAsync(call).ConfigureAwait(false);
        }

        if (!room.Limit.TryAcquire())
        {
            call = Waiting(call, times);
            if (room.Policy.QueueLimit == 0 || !await CallGate.EnterAsync(room, times.Left(_engine.Clock.GetTimestamp(), _engine.Clock.TimestampFrequency), call.CancellationToken).ConfigureAwait(false))
            {
                throw CallGate.Full(call, room);
            }
        }

        long entered = _engine.Clock.GetTimestamp();
        bool holds = true;
        HttpResponseMessage answer;
        try
        {
            answer = await PrepareAndSendAsync(call with { StaysHere = true }).ConfigureAwait(false);
            long answered = _engine.Clock.GetTimestamp();
            bool isSample = (int)answer.StatusCode < 429;
            if (answer.Content is HeldContent content)
            {
                content.Hold(room, entered, answered, isSample);
            }
            else if ((int)answer.StatusCode is 429 or 503)
            {
                room.LeaveRefused(answered);
            }
            else
            {
                room.Leave(entered, answered, isSample);
            }

            holds = false;
        }
        finally
        {
            if (holds)
            {
                room.Leave(entered, entered, isSample: false);
            }
        }

        // Not before its place is given back: it may lead into the same room.
        return call.MustFollow(answer) ? await call.Caller.Follow!(call, answer, _steps.Limits(call, entered)).ConfigureAwait(false) : answer;
    }

    // The time that it waits is its own.
    private static Call Waiting(in Call call, CallLimits times) => times.Deadline == long.MaxValue ? call : call with { Caller = call.Caller with { Before = times } };

    private async Task<HttpResponseMessage> BufferAndSendAsync(Call call)
    {
        await RequestBody.BufferAsync(call.Request, call.Snapshot.Policy.Retry, call.CancellationToken).ConfigureAwait(false);
        call = call with { Replayable = true };
        return await (HedgeCall.IsAllowed(call) ? SendHedgedAsync(call) : SendAsync(call)).ConfigureAwait(false);
    }

    // The caller's deadline comes with the call. A call that is neither guarded nor hedged goes the ordinary way, because another layer that waits would cost as much as the pick.
    private Task<HttpResponseMessage> SendGrpcAsync(Call call)
    {
        if (GrpcCall.TryPrepare(ref call, _engine) is { } late)
        {
            return Task.FromResult(late);
        }

        return call.Snapshot.IsGuarded || call.Snapshot.Hedges || call.Snapshot.Policy.Retry.NonIdempotent
            ? SendGrpcAroundAsync(call)
            : SendAsync(call with { Concludes = true });
    }

    private async Task<HttpResponseMessage> SendGrpcAroundAsync(Call call)
    {
        try
        {
            return GrpcCall.Conclude(call, await (call.Snapshot.IsGuarded ? SendGuardedAsync(call) : PrepareAndSendAsync(call)).ConfigureAwait(false));
        }
        catch (Exception error) when (GrpcErrors.TryReply(call, error) is { } reply)
        {
            return reply;
        }
        finally
        {
            GrpcCall.End(call);
        }
    }

    // Only where a policy hedges. As below, but the attempt is waited for only so long before HedgeCall sends others beside it.
    private async Task<HttpResponseMessage> SendHedgedAsync(Call call)
    {
        long now = _engine.Clock.GetTimestamp();
        if (call.Snapshot.Limits is { MayWait: false } limits)
        {
            CallGate.Take(call, limits, now);
        }

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
                _steps.Timers.Return(timer, reusable: RequestBody.IsOut(call.Request));
            }
        }

        HttpResponseMessage answer = reply.Response is { } received && !MustRetry(call, received)
            ? _steps.Meter.Done(call, now, received)
            : await new RetryCall(_engine, _steps, call, now, reply, hedge?.Attempts ?? 1, hedge?.Tried).FinishAsync().ConfigureAwait(false);
        return call.MustFollow(answer) ? await call.Caller.Follow!(call, answer, _steps.Limits(call, now)).ConfigureAwait(false) : answer;
    }

    // What lives across the wait is memory of every call: whatever only the unhappy path needs is worked out again there. What the mesh decides on a gRPC call is a reply and no exception.
    private async Task<HttpResponseMessage> SendAsync(Call call)
    {
        try
        {
            long now = _engine.Clock.GetTimestamp();
            if (call.Snapshot.Limits is { MayWait: false } limits)
            {
                CallGate.Take(call, limits, now);
            }

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
                _steps.Timers.Return(timer, reusable: RequestBody.IsOut(call.Request));
            }

            HttpResponseMessage answer = reply.Response is { } received && !MustRetry(call, received)
                ? _steps.Meter.Done(call, attempt.Started, received)
                : await new RetryCall(_engine, _steps, call, attempt.Started, reply).FinishAsync().ConfigureAwait(false);
            answer = call.MustFollow(answer) ? await call.Caller.Follow!(call, answer, _steps.Limits(call, attempt.Started)).ConfigureAwait(false) : answer;
            return call.Concludes ? GrpcCall.Conclude(call, answer) : answer;
        }
        catch (Exception error) when (call.Concludes && GrpcErrors.TryReply(call, error) is { } reply)
        {
            return reply;
        }
        finally
        {
            if (call.Concludes)
            {
                GrpcCall.End(call);
            }
        }
    }

    private static bool MustRetry(in Call call, HttpResponseMessage response) => call.IsGrpc
        ? GrpcCall.IsRetryable(call, response)
        : RetryRules.IsRetryable(call.Snapshot.Policy.Retry, response);
}
