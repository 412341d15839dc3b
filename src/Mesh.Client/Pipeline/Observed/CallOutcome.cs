using Mesh.Client.Grpc;
using Mesh.Client.Health;
using Mesh.Client.Telemetry;
using Mesh.Client.Telemetry.Metrics;

namespace Mesh.Client.Pipeline.Observed;

/// <summary>What became of a whole call, in a word.</summary>
internal static class CallOutcome
{
    private static readonly DefaultOutcomeClassifier s_rules = new();

    /// <summary>Of an answer. By the usual rules, whatever the endpoints are judged by: it is for people who read figures.</summary>
    /// <param name="request">The request.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="status">The status of gRPC, where there is one.</param>
    public static string Of(HttpRequestMessage request, HttpResponseMessage answer, GrpcStatusCode? status) =>
        status is { } known ? MeshMetrics.WordOf(GrpcVerdict.Of(known)) : OfStatus(request, answer);

    /// <summary>As <see cref="Of(HttpRequestMessage, HttpResponseMessage, GrpcStatusCode?)"/>, of an answer that has no status of gRPC.</summary>
    public static string OfStatus(HttpRequestMessage request, HttpResponseMessage answer) => MeshMetrics.WordOf(s_rules.Classify(request, answer, null));

    /// <summary>Of a failure.</summary>
    /// <param name="error">What the caller gets to see.</param>
    /// <param name="attempts">How many attempts were sent.</param>
    public static string Of(Exception error, int attempts) => error switch
    {
        MeshException { Error: MeshError.AttemptTimeout or MeshError.Timeout or MeshError.DiscoveryTimeout } => OutcomeWords.Timeout,
        MeshException when attempts == 0 => OutcomeWords.Rejected,
        OperationCanceledException => OutcomeWords.Canceled,
        _ => OutcomeWords.Failure,
    };
}
