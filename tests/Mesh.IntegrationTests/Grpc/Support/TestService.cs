using Mesh.IntegrationTests.Grpc.Messages;

namespace Mesh.IntegrationTests.Grpc.Support;

/// <summary>The methods that the peers have, and two that they have not.</summary>
internal static class TestService
{
    public const string Name = "grpc.testing.TestService";

    public static GrpcMethod<Empty, Empty> EmptyCall { get; } = new($"/{Name}/EmptyCall", Empty.Parser);

    public static GrpcMethod<SimpleRequest, SimpleResponse> UnaryCall { get; } = new($"/{Name}/UnaryCall", SimpleResponse.Parser);

    public static GrpcMethod<StreamingOutputCallRequest, StreamingOutputCallResponse> StreamingOutputCall { get; } = new($"/{Name}/StreamingOutputCall", StreamingOutputCallResponse.Parser);

    public static GrpcMethod<StreamingInputCallRequest, StreamingInputCallResponse> StreamingInputCall { get; } = new($"/{Name}/StreamingInputCall", StreamingInputCallResponse.Parser);

    public static GrpcMethod<StreamingOutputCallRequest, StreamingOutputCallResponse> FullDuplexCall { get; } = new($"/{Name}/FullDuplexCall", StreamingOutputCallResponse.Parser);

    public static GrpcMethod<Empty, Empty> UnimplementedCall { get; } = new($"/{Name}/UnimplementedCall", Empty.Parser);

    public static GrpcMethod<Empty, Empty> UnimplementedService { get; } = new("/grpc.testing.UnimplementedService/UnimplementedCall", Empty.Parser);

    public static GrpcMethod<HealthCheckRequest, HealthCheckResponse> HealthCheck { get; } = new("/grpc.health.v1.Health/Check", HealthCheckResponse.Parser);

    public static GrpcMethod<HealthCheckRequest, HealthCheckResponse> HealthWatch { get; } = new("/grpc.health.v1.Health/Watch", HealthCheckResponse.Parser);

    public static GrpcMethod<Plan, Nothing> SetPlan { get; } = new("/mesh.peers.Peer/SetPlan", Nothing.Parser);

    public static GrpcMethod<Health, Nothing> SetHealth { get; } = new("/mesh.peers.Peer/SetHealth", Nothing.Parser);

    public static GrpcMethod<Nothing, Report> GetReport { get; } = new("/mesh.peers.Peer/GetReport", Report.Parser);
}
