using Mesh.Client;
using Mesh.Client.Grpc;
using Mesh.Client.Retries;
using Microsoft.AspNetCore.Http;

namespace Mesh.Agent.Forwarding;

/// <summary>What the agent answers in place of a service.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="GrpcStatus">The same for a gRPC call.</param>
/// <param name="Reason">One word for programs and logs, in <see cref="Header"/>.</param>
/// <param name="Detail">For a person.</param>
internal sealed record Refusal(int Status, GrpcStatusCode GrpcStatus, string Reason, string Detail)
{
    /// <summary>Says that the answer is the agent's own, and why.</summary>
    public const string Header = "x-mesh-reason";

    /// <summary>When it is worth to come again; zero says nothing.</summary>
    public TimeSpan RetryAfter { get; init; }

    public static Refusal Malformed(string fault) => new(StatusCodes.Status400BadRequest, GrpcStatusCode.InvalidArgument, "bad-request", $"The request cannot be passed on. {fault}");

    public static Refusal Tunnel(string host) => new(
        StatusCodes.Status405MethodNotAllowed,
        GrpcStatusCode.Unimplemented,
        "tunnel",
        $"CONNECT to \"{host}\" is refused: the mesh can do nothing for what it cannot see. Call http://{host.Split(':')[0]} through the agent, which speaks TLS to the service where that asks for it; set http_proxy and not https_proxy.");

    public static Refusal Loop(string host) => new(
        StatusCodes.Status508LoopDetected, GrpcStatusCode.Internal, "loop", $"The call to \"{host}\" came back to this agent: the host is one of its own addresses, or a proxy that leads here.");

    /// <summary>Reads what ended a call.</summary>
    public static Refusal Of(Exception error) => error switch
    {
        MeshException mesh => Of(mesh),
        ForeignHostException => new(StatusCodes.Status403Forbidden, GrpcStatusCode.PermissionDenied, "foreign-host", error.Message),
        _ => TransportFailure.KindOf(error) switch
        {
            FailureKind.ConnectFailure => new(StatusCodes.Status502BadGateway, GrpcStatusCode.Unavailable, "connect-failure", $"No connection could be made: {error.Message}"),
            FailureKind.Reset or FailureKind.Refused => new(StatusCodes.Status502BadGateway, GrpcStatusCode.Unavailable, "reset", $"The connection ended before there was a response: {error.Message}"),
            FailureKind.Protocol => new(StatusCodes.Status502BadGateway, GrpcStatusCode.Internal, "protocol", $"The endpoint and the agent do not understand each other: {error.Message}"),
            _ => new(StatusCodes.Status502BadGateway, GrpcStatusCode.Internal, "failure", error.Message),
        },
    };

    private static Refusal Of(MeshException error) => error.Error switch
    {
        MeshError.NoEndpoints => new(StatusCodes.Status503ServiceUnavailable, GrpcStatusCode.Unavailable, "no-endpoints", error.Message),
        MeshError.NoEndpointAvailable => new(StatusCodes.Status503ServiceUnavailable, GrpcStatusCode.Unavailable, "no-endpoint-available", error.Message),
        MeshError.DiscoveryTimeout => new(StatusCodes.Status503ServiceUnavailable, GrpcStatusCode.Unavailable, "discovery-timeout", error.Message),
        MeshError.AttemptTimeout => new(StatusCodes.Status504GatewayTimeout, GrpcStatusCode.DeadlineExceeded, "attempt-timeout", error.Message),
        MeshError.Timeout => new(StatusCodes.Status504GatewayTimeout, GrpcStatusCode.DeadlineExceeded, "timeout", error.Message),
        MeshError.RateLimited => new(StatusCodes.Status429TooManyRequests, GrpcStatusCode.ResourceExhausted, "rate-limited", error.Message) { RetryAfter = error.RetryAfter ?? TimeSpan.Zero },
        _ => new(StatusCodes.Status503ServiceUnavailable, GrpcStatusCode.ResourceExhausted, "concurrency-limited", error.Message) { RetryAfter = TimeSpan.FromSeconds(1) },
    };
}
