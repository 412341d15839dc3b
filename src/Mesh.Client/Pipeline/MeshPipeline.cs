using Mesh.Client.Nodes;
using Mesh.Client.Retries;
using Mesh.Client.Services;

namespace Mesh.Client.Pipeline;

/// <summary>
/// The way of a call, in its order: count it, prepare its body, pick a node and pass its gate, send, judge, complete. One asynchronous method
/// with synchronous steps in it, because each further layer that waits would cost as much as the pick. Retries leave for
/// <see cref="RetryCall"/>, which goes through the same steps.
/// </summary>
internal sealed class MeshPipeline
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
        RequestBody.Guard(request, snapshot.Policy.Retry);
        var call = new Call(service, snapshot, request, caller, synchronous, cancellationToken);
        return RequestBody.MustBuffer(request, snapshot.Policy.Retry, call.MaxAttempts) ? BufferAndSendAsync(call) : SendAsync(call);
    }

    private async Task<HttpResponseMessage> BufferAndSendAsync(Call call)
    {
        await RequestBody.BufferAsync(call.Request, call.Snapshot.Policy.Retry, call.CancellationToken).ConfigureAwait(false);
        return await SendAsync(call with { Replayable = true }).ConfigureAwait(false);
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
            HttpResponseMessage response = await AttemptSteps.SendAsync(call, attempt, timer, CallLimits.ForFirst(call.Snapshot.Policy, call.Caller)).ConfigureAwait(false);
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
        return (int)answer.StatusCode is >= 300 and < 400 && call.Caller.Follow is { } follow && call.Snapshot.Policy.Transport.FollowRedirects
            ? await follow(call.Request, answer, call.Synchronous, call.CancellationToken).ConfigureAwait(false)
            : answer;
    }
}
