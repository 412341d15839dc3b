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
    public async Task<HttpResponseMessage> SendAsync(
        MeshService service,
        ServiceSnapshot snapshot,
        HttpRequestMessage request,
        CallerContext caller,
        bool synchronous,
        CancellationToken cancellationToken)
    {
        long started = _engine.Clock.GetTimestamp();
        service.OnCall(started);
        RequestBody.Guard(request, snapshot.Policy.Retry);
        CallLimits limits = CallLimits.Of(snapshot.Policy, caller, started, _engine.Clock.TimestampFrequency);
        bool replayable = request.Content is null || await RequestBody.PrepareAsync(request, snapshot.Policy.Retry, cancellationToken).ConfigureAwait(false);
        TimeSpan limit = limits.ForAttempt(started, _engine.Clock.TimestampFrequency, out bool isFullTimeout);
        Attempt attempt = _steps.Begin(service, snapshot, request, started, tried: null);
        AttemptTimer timer = _steps.Timers.Rent();
        AttemptReply reply;
        try
        {
            HttpResponseMessage response = await AttemptSteps.SendAsync(attempt.Node, request, timer, limit, synchronous, cancellationToken).ConfigureAwait(false);
            reply = _steps.Receive(ref attempt, request, response);
        }
        catch (Exception error) when (attempt.IsOpen)
        {
            reply = _steps.Fail(ref attempt, service, request, error, timer, limits, isFullTimeout, cancellationToken);
        }
        finally
        {
            attempt.Dispose();
            _steps.Timers.Return(timer, reusable: request.Content is null);
        }

        if (reply.Response is null || RetryRules.IsRetryable(snapshot.Policy.Retry, reply.Response))
        {
            var call = new RetryCall(_engine, _steps, service, snapshot, request, caller, limits, replayable, synchronous, reply, cancellationToken);
            reply = await call.FinishAsync().ConfigureAwait(false);
        }

        HttpResponseMessage answer = reply.Unwrap();
        return (int)answer.StatusCode is >= 300 and < 400 && caller.Follow is { } follow && snapshot.Policy.Transport.FollowRedirects
            ? await follow(request, answer, synchronous, cancellationToken).ConfigureAwait(false)
            : answer;
    }
}
