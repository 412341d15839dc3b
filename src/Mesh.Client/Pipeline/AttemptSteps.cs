using System.Globalization;
using System.Net;
using Mesh.Client.Balancing;
using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
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
    }

    public AttemptTimerPool Timers { get; }

    /// <summary>Picks a node and passes its gate.</summary>
    /// <exception cref="MeshException">There is none.</exception>
    public Attempt Begin(MeshService service, ServiceSnapshot snapshot, HttpRequestMessage request, long now, List<EndpointNode>? tried)
    {
        EndpointPicker? picker = request.RequestUri!.Scheme == Uri.UriSchemeHttps ? snapshot.Https : snapshot.Http;
        bool inPanic = service.Ledger.InPanic;
        if (picker is null || (inPanic && snapshot.Policy.Breaker.FailFast))
        {
            throw NoEndpoint.Error(service, snapshot, request, now, tried);
        }

        for (int picks = 0; picks < MaxPicks; picks++)
        {
            EndpointNode? node = picker.Pick(new PickContext(request, now, _engine.Random, inPanic, tried));
            if (node is null)
            {
                if (tried is null)
                {
                    break;
                }

                // Every endpoint was tried already: better one of them again than none.
                tried = null;
                continue;
            }

            if (node.TryBegin(now, inPanic, out Attempt attempt))
            {
                return attempt;
            }

            // The node may have left since the snapshot was taken.
            if (service.Snapshot is { } newest && !ReferenceEquals(newest, snapshot))
            {
                snapshot = newest;
                picker = request.RequestUri.Scheme == Uri.UriSchemeHttps ? snapshot.Https : snapshot.Http;
                if (picker is null)
                {
                    break;
                }
            }
        }

        throw NoEndpoint.Error(service, snapshot, request, now, tried);
    }

    /// <summary>Hands the request to the node's transport, and starts the clock if that really waits.</summary>
    public static Task<HttpResponseMessage> SendAsync(
        EndpointNode node,
        HttpRequestMessage request,
        AttemptTimer timer,
        TimeSpan limit,
        bool synchronous,
        CancellationToken cancellationToken)
    {
        if (synchronous)
        {
            timer.Arm(limit, cancellationToken);
            return Task.FromResult(node.Transport.Send(request, timer.Token));
        }

        Task<HttpResponseMessage> sending = node.Transport.SendAsync(request, timer.Token);
        if (!sending.IsCompleted)
        {
            timer.Arm(limit, cancellationToken);
        }

        return sending;
    }

    /// <summary>Judges a response and completes the attempt, now or at the end of the body.</summary>
    public AttemptReply Receive(ref Attempt attempt, HttpRequestMessage request, HttpResponseMessage response)
    {
        long now = _engine.Clock.GetTimestamp();
        Outcome outcome = _engine.Classifier.Classify(request, response, null);
        var result = new AttemptResult(
            outcome,
            response.StatusCode is HttpStatusCode.InternalServerError,
            now - attempt.Started,
            outcome is Outcome.Overloaded ? _engine.Ticks(RetryRules.RetryAfter(response, _engine.Clock.GetUtcNow())) : 0);
        EndpointNode node = attempt.Node;
        if (outcome is Outcome.Success && TrackedContent.IsNeeded(request, response))
        {
            response.Content = new TrackedContent(response.Content, attempt.Move(), result.Elapsed, _engine.Clock);
        }
        else
        {
            attempt.Complete(result, now);
        }

        return new AttemptReply(response, null, FailureKind.None, node);
    }

    /// <summary>Judges a failure and completes the attempt.</summary>
    public AttemptReply Fail(
        ref Attempt attempt,
        MeshService service,
        HttpRequestMessage request,
        Exception error,
        AttemptTimer timer,
        in CallLimits limits,
        bool isFullTimeout,
        CancellationToken cancellationToken)
    {
        long now = _engine.Clock.GetTimestamp();
        EndpointNode node = attempt.Node;
        FailureKind kind;
        if (cancellationToken.IsCancellationRequested && error is OperationCanceledException)
        {
            kind = FailureKind.Canceled;
            error = new TaskCanceledException(error.Message, error, cancellationToken);
        }
        else if (timer.IsCancellationRequested && error is OperationCanceledException)
        {
            kind = isFullTimeout ? FailureKind.AttemptTimeout : FailureKind.DeadlineExceeded;
            error = TimedOut(service, node, limits, kind, error);
        }
        else
        {
            kind = TransportFailure.KindOf(error);
        }

        Outcome outcome = kind switch
        {
            FailureKind.Canceled or FailureKind.DeadlineExceeded => Outcome.Ignored,
            FailureKind.AttemptTimeout => _engine.Classifier.Classify(request, null, error.InnerException),
            _ => _engine.Classifier.Classify(request, null, kind is FailureKind.ConnectFailure && error is OperationCanceledException ? error.InnerException : error),
        };
        attempt.Complete(new AttemptResult(outcome, false, now - attempt.Started), now);
        return new AttemptReply(null, error, kind, node);
    }

    /// <summary>The error of a call whose time was over before its next attempt began.</summary>
    public static MeshException OutOfTime(MeshService service, in CallLimits limits)
    {
        string message = string.Create(
            CultureInfo.InvariantCulture,
            $"Service \"{service.Name}\": no attempt succeeded within Timeout {limits.Timeout}. If the work takes longer than that, raise Mesh:Services:{service.Name}:Timeout.");
        return new MeshException(MeshError.Timeout, service.Name, message, new TimeoutException(message));
    }

    private static MeshException TimedOut(MeshService service, EndpointNode node, in CallLimits limits, FailureKind kind, Exception error)
    {
        (MeshError reason, string name, TimeSpan limit) = kind is FailureKind.AttemptTimeout
            ? (MeshError.AttemptTimeout, "AttemptTimeout", limits.AttemptTimeout)
            : (MeshError.Timeout, "Timeout", limits.Timeout);
        string message = string.Create(
            CultureInfo.InvariantCulture,
            $"Service \"{service.Name}\": no response headers from {node.Endpoint.Authority} within {name} {limit}. If the work takes longer than that, raise Mesh:Services:{service.Name}:{name}.");
        return new MeshException(reason, service.Name, message, new TimeoutException(message, error));
    }
}
