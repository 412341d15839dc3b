using System.Diagnostics;
using System.Globalization;
using Mesh.Client.Grpc;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Telemetry;

namespace Mesh.Client.Pipeline.Observed;

/// <summary>What becomes of one call, noted on the way, for its span and its line in the access log.</summary>
/// <param name="span">The span; <see langword="null"/> where nobody wants one.</param>
/// <param name="request">The request.</param>
internal sealed class CallTrace(Activity? span, HttpRequestMessage request)
{
    private readonly bool _isCallers = WrittenTrace.IsIn(request);
    private int _attempts;

    public HttpRequestMessage Request => request;

    /// <summary>How many attempts were sent.</summary>
    public int Attempts => Volatile.Read(ref _attempts);

    public string? Route { get; private set; }

    public string? Lane { get; private set; }

    /// <summary>Where the last attempt went.</summary>
    public string? Endpoint { get; private set; }

    public void OnRoute(RoutePolicy? route, string? lane)
    {
        Route = route?.Name;
        Lane = lane;
        Set(TagNames.Route, Route);
        Set(TagNames.Lane, lane);
    }

    public void OnTarget(SplitTarget target, string? lane)
    {
        Lane = lane;
        Set(TagNames.Lane, lane);
        Set(TagNames.Subset, target.Labels.Count > 0 ? target.Labels.ToString() : null);
    }

    /// <summary>An attempt is about to be sent.</summary>
    /// <param name="sent">The request, or the copy of it that is sent.</param>
    /// <param name="node">Where it goes.</param>
    public void OnSend(HttpRequestMessage sent, EndpointNode node)
    {
        bool isFirst = Interlocked.Increment(ref _attempts) == 1;
        Endpoint = node.Endpoint.Authority;
        if (!isFirst && !_isCallers)
        {
            WrittenTrace.Remove(sent);
        }
    }

    /// <summary>The call has its answer.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="status">The status of gRPC, where there is one.</param>
    /// <param name="outcome">One of <see cref="OutcomeWords"/>.</param>
    public void OnAnswer(HttpResponseMessage answer, GrpcStatusCode? status, string outcome)
    {
        Set(TagNames.StatusCode, (int)answer.StatusCode);
        int code = (int)answer.StatusCode;
        if (status is { } known)
        {
            code = (int)known;
            Set(TagNames.GrpcStatusCode, code);
        }

        End(outcome, outcome is OutcomeWords.Success ? null : code.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>The call has none.</summary>
    public void OnError(Exception error, string outcome)
    {
        if (error is MeshException mesh && outcome is OutcomeWords.Rejected)
        {
            Set(TagNames.Reason, ReasonWords.Of(mesh.Error));
        }

        End(outcome, error is MeshException of ? ReasonWords.Of(of.Error) : error.GetType().FullName, error.Message);
    }

    /// <summary>The caller wanted no more of its answer.</summary>
    public void OnAbandoned() => End(OutcomeWords.Canceled, null);

    /// <summary>Ends the span where the call itself has been left: whose reads the body has spans of its own, which stay as they are.</summary>
    public void Stop()
    {
        Activity? current = Activity.Current;
        span?.Dispose();
        Activity.Current = current;
    }

    private void End(string outcome, string? errorType, string? description = null)
    {
        Set(TagNames.Attempts, Attempts);
        Set(TagNames.Outcome, outcome);
        if (errorType is not null && outcome is not OutcomeWords.Canceled)
        {
            Set(TagNames.ErrorType, errorType);
            span?.SetStatus(ActivityStatusCode.Error, description);
        }
    }

    private void Set(string name, object? value)
    {
        if (value is not null && span is { IsAllDataRequested: true })
        {
            span.SetTag(name, value);
        }
    }
}
