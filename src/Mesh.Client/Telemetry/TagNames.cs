namespace Mesh.Client.Telemetry;

/// <summary>The names of attributes: OpenTelemetry's semantic conventions where they have one.</summary>
internal static class TagNames
{
    /// <summary>The logical name of the service.</summary>
    public const string Service = "mesh.service";

    /// <summary>The route of the call, where one matched.</summary>
    public const string Route = "mesh.route";

    public const string Lane = "mesh.lane";

    /// <summary>The labels of the subset.</summary>
    public const string Subset = "mesh.subset";

    /// <summary>What became of a call or an attempt, one of <see cref="OutcomeWords"/>.</summary>
    public const string Outcome = "mesh.outcome";

    public const string Attempts = "mesh.attempts";

    /// <summary>Why the mesh did not send a call, or why a gate moved.</summary>
    public const string Reason = "mesh.reason";

    /// <summary>The state of an endpoint or of a gate.</summary>
    public const string State = "mesh.state";

    /// <summary>The host and the port of an endpoint, where that is asked for.</summary>
    public const string Endpoint = "mesh.endpoint";

    /// <summary>The source of endpoints.</summary>
    public const string Source = "mesh.source";

    public const string Result = "mesh.result";

    public const string Limit = "mesh.limit";

    /// <summary>What a rate limit belongs to: <c>service:orders</c>, <c>service:orders/route:beta</c>, <c>server:web</c>.</summary>
    public const string Scope = "mesh.scope";

    /// <summary>The access rule or the limit that refused a request.</summary>
    public const string Rule = "mesh.rule";

    public const string Decision = "mesh.decision";

    public const string StatusCode = "http.response.status_code";

    public const string GrpcStatusCode = "rpc.grpc.status_code";

    public const string Method = "http.request.method";

    /// <summary>The method as it was, where it is none of HTTP's.</summary>
    public const string OriginalMethod = "http.request.method_original";

    public const string ErrorType = "error.type";

    public const string PeerAddress = "network.peer.address";

    public const string PeerPort = "network.peer.port";
}
