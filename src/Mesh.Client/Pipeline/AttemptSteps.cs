using System.Net;
using Mesh.Client.Balancing;
using Mesh.Client.Balancing.Hashing;
using Mesh.Client.Balancing.Sticky;
using Mesh.Client.Balancing.WarmUp;
using Mesh.Client.Grpc;
using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Pipeline.Bodies;
using Mesh.Client.Pipeline.Grpc;
using Mesh.Client.Pipeline.Inherited;
using Mesh.Client.Pipeline.Observed;
using Mesh.Client.Retries;
using Mesh.Client.Services;

namespace Mesh.Client.Pipeline;

/// <summary>The steps of one attempt, the same for the first and the later ones.</summary>
internal sealed class AttemptSteps
{
    // Between a pick and the gate another call may take the last probe: the pick is made again, a bounded number of times.
    private const int MaxPicks = 16;

    private readonly MeshEngine _engine;

    public AttemptSteps(MeshEngine engine)
    {
        _engine = engine;
        Timers = new AttemptTimerPool(engine.Clock);
        Meter = new CallMeter(engine);
    }

    public AttemptTimerPool Timers { get; }

    public CallMeter Meter { get; }

    /// <summary>The times of a call that began at a timestamp.</summary>
    public CallLimits Limits(in Call call, long started) => CallLimits.Of(call.Snapshot.Policy, call.Caller, started, _engine.Clock.TimestampFrequency);

    /// <summary>Picks a node and passes its gate.</summary>
    /// <param name="call">The call.</param>
    /// <param name="now">The timestamp.</param>
    /// <param name="tried">Where it was already.</param>
    /// <param name="elsewhere">Whether only a node that was not tried will do; where there is none, no attempt is begun.</param>
    /// <exception cref="MeshException">There is none.</exception>
    public Attempt Begin(in Call call, long now, List<EndpointNode>? tried, bool elsewhere = false)
    {
        ServiceSnapshot snapshot = call.Snapshot;
        bool inPanic = snapshot.IsInPanic(call.Service.Ledger, now);
        ulong? key = snapshot.HashKey is { } part ? RequestKey.Of(call.Request, part, snapshot.Local) : null;
        SlowStart? slowStart = inPanic ? null : snapshot.SlowStartAt(now, call.Service.Ledger);
        List<EndpointNode>? leftOut = tried;
        for (int picks = 0; picks < MaxPicks; picks++)
        {
            EndpointPicker? picker = snapshot.PickerFor(call.Request.RequestUri!.Scheme);
            if (picker is null)
            {
                break;
            }

            if (inPanic && snapshot.Policy.Breaker.FailFast)
            {
                if (PanicProbe.TryBegin(call, snapshot, _engine.Random, now, leftOut, out Attempt probe))
                {
                    return probe;
                }

                break;
            }

            EndpointNode? node = picker.Pick(new PickContext(call.Request, now, _engine.Random, inPanic, leftOut, slowStart, key));
            if (node is null && slowStart is not null)
            {
                // Whoever warms up is better than nobody.
                slowStart = null;
            }
            else if (node is null && (leftOut is null || elsewhere))
            {
                if (inPanic || !snapshot.IsBaselineInPanic(call.Service.Ledger, now))
                {
                    break;
                }

                inPanic = true;
            }
            else if (node is null)
            {
                // Every endpoint was tried already: better one of them again than none.
                leftOut = null;
            }
            else if (node.TryBegin(now, inPanic, out Attempt attempt))
            {
                return attempt;
            }
            else
            {
                // The node may have left since the call's snapshot was taken.
                snapshot = call.Service.Renew(snapshot);
            }
        }

        if (elsewhere)
        {
            return default;
        }

        MeshException error = NoEndpoint.Error(call.Service, snapshot, call.Request, now, tried);
        error.IsUnsent = tried is null;
        if (tried is null)
        {
            call.Service.OnRejection(error.Error);
        }

        throw error;
    }

    /// <summary>Hands the request to the node's transport, and starts the clock if that really waits.</summary>
    public static Task<HttpResponseMessage> SendAsync(in Call call, in Attempt attempt, AttemptTimer timer, TimeSpan limit, int number = 1)
    {
        if (call.Caller.InheritedDeadline is not null && !call.IsGrpc)
        {
            Inheritance.Stamp(call.Request, limit);
        }

        if (call.Synchronous)
        {
            timer.Arm(attempt.Started, limit, call.CancellationToken);
        }

        Task<HttpResponseMessage> sending = AttemptSender.Send(call, attempt, timer, number);
        if (call.Synchronous)
        {
            return sending;
        }

        if (!sending.IsCompleted)
        {
            if (call.IsGrpc)
            {
                timer.Spare((GrpcContent)call.Request.Content!);
            }

            timer.Arm(attempt.Started, limit, call.CancellationToken);
        }

        return WholeReply.IsWanted(call)
            ? WholeReply.ReceiveAsync(sending, (GrpcContent)call.Request.Content!, call.Snapshot.Policy.Retry.MaxBufferedBody, timer.Clock, call.CancellationToken)
            : sending;
    }

    /// <summary>Sends an attempt and judges it, as the pipeline does with the first one. Failures are returned.</summary>
    public async Task<AttemptReply> RunAsync(Call call, Attempt attempt, int number, CallLimits limits)
    {
        AttemptTimer timer = Timers.Rent();
        try
        {
            HttpResponseMessage response = await SendAsync(call, attempt, timer, limits.ForAttempt(attempt.Started, _engine.Clock.TimestampFrequency, out _), number).ConfigureAwait(false);
            return Receive(ref attempt, call, response);
        }
        catch (Exception error) when (attempt.IsOpen)
        {
            return Fail(ref attempt, call, error, timer, limits);
        }
        finally
        {
            attempt.Dispose();
            Timers.Return(timer, reusable: RequestBody.IsOut(call.Request));
        }
    }

    /// <summary>Judges a response and completes the attempt, now or at the end of the body.</summary>
    public AttemptReply Receive(ref Attempt attempt, in Call call, HttpResponseMessage response)
    {
        long now = _engine.Clock.GetTimestamp();
        if (call.IsGrpc)
        {
            return ReceiveGrpc(ref attempt, call, response, now);
        }

        Outcome outcome = Classify(call.Request, response);
        var result = new AttemptResult(
            outcome,
            response.StatusCode is HttpStatusCode.InternalServerError,
            now - attempt.Started,
            outcome is Outcome.Overloaded ? _engine.Ticks(RetryRules.RetryAfter(response, _engine.Clock.GetUtcNow())) : 0);
        if (call.Snapshot.Sticky is { } sticky)
        {
            StickyReply.Mark(call.Request, response, attempt.Node.Endpoint, sticky);
        }

        if (outcome is Outcome.Success && TrackedContent.IsNeeded(call.Request, response))
        {
            response.Content = call.Snapshot.Room is null
                ? new TrackedContent(response.Content, attempt.Move(), result.Elapsed, _engine.Clock)
                : new HeldContent(response.Content, attempt.Move(), result.Elapsed, _engine.Clock);
        }
        else
        {
            attempt.Complete(result, now);
        }

        Meter.OnAttempt(call, attempt.Node, outcome);
        return new AttemptReply(response, null, FailureKind.None, attempt.Node);
    }

    // A status that came alone is the verdict; else it comes after the messages.
    private AttemptReply ReceiveGrpc(ref Attempt attempt, in Call call, HttpResponseMessage response, long now)
    {
        GrpcStatusCode? alone = GrpcReply.StatusOf(response.Headers);
        Outcome outcome = _engine.Classifier is not DefaultOutcomeClassifier ? ClassifyGuarded(call.Request, response)
            : alone is { } status ? GrpcVerdict.OfAlone(status, response)
            : Classify(call.Request, response);
        long elapsed = now - attempt.Started;
        if (outcome is Outcome.Success && alone is null)
        {
            var messages = new GrpcTrackedContent(call.Request, response, attempt.Move(), elapsed, _engine.Clock, _engine.Classifier);
            response.Content = messages;
            Meter.OnMessages(call, attempt.Node, messages);
        }
        else
        {
            TimeSpan pause = GrpcVerdict.AllowsRetry(response, out TimeSpan? wait) && wait is { } asked ? asked : RetryRules.RetryAfter(response, _engine.Clock.GetUtcNow());
            attempt.Complete(new AttemptResult(outcome, false, elapsed, outcome is Outcome.Overloaded ? _engine.Ticks(pause) : 0), now);
            Meter.OnAttempt(call, attempt.Node, outcome);
        }

        return new AttemptReply(response, null, FailureKind.None, attempt.Node);
    }

    // A classifier of the user's that throws must not leave the connection of the response behind; the house's own does not.
    private Outcome Classify(HttpRequestMessage request, HttpResponseMessage response) =>
        _engine.Classifier is DefaultOutcomeClassifier rules ? rules.Classify(request, response, null) : ClassifyGuarded(request, response);

    private Outcome ClassifyGuarded(HttpRequestMessage request, HttpResponseMessage response)
    {
        try
        {
            return _engine.Classifier.Classify(request, response, null);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>Judges a failure and completes the attempt.</summary>
    public AttemptReply Fail(ref Attempt attempt, in Call call, Exception error, AttemptTimer timer, in CallLimits limits)
    {
        long now = _engine.Clock.GetTimestamp();
        FailureKind kind;
        if ((call.CancellationToken.IsCancellationRequested || timer.IsLost) && error is OperationCanceledException)
        {
            kind = FailureKind.Canceled;
            error = new TaskCanceledException(error.Message, error, call.CancellationToken);
        }
        else if (timer.IsCancellationRequested && error is OperationCanceledException)
        {
            limits.ForAttempt(attempt.Started, _engine.Clock.TimestampFrequency, out bool isFullTimeout);
            kind = isFullTimeout ? FailureKind.AttemptTimeout : FailureKind.DeadlineExceeded;
            error = TimeoutErrors.OfAttempt(call.Service, attempt.Node, limits, kind, error);
        }
        else
        {
            kind = TransportFailure.IsOfContent(call.Request, error) ? FailureKind.Local : TransportFailure.KindOf(error);
        }

        Outcome outcome = kind switch
        {
            FailureKind.Canceled or FailureKind.DeadlineExceeded or FailureKind.Local or FailureKind.Refused => Outcome.Ignored,
            FailureKind.Reset when TransportFailure.IsGoodbye(error) => Outcome.Ignored,
            FailureKind.AttemptTimeout => _engine.Classifier.Classify(call.Request, null, error is MeshException ? error.InnerException : new TimeoutException(error.Message, error)),
            _ => _engine.Classifier.Classify(call.Request, null, kind is FailureKind.ConnectFailure && error is OperationCanceledException ? error.InnerException : error),
        };
        attempt.Complete(new AttemptResult(outcome, false, now - attempt.Started), now);
        Meter.OnAttempt(call, attempt.Node, outcome);
        return new AttemptReply(null, error, kind, attempt.Node);
    }
}
