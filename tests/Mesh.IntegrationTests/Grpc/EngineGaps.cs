namespace Mesh.IntegrationTests.Grpc;

/// <summary>What the engine cannot do yet for gRPC, as the reason of tests that wait for it. Who closes a gap deletes its line, and with it the skips.</summary>
internal static class EngineGaps
{
    public const string RefusedGoesElsewhere = "The engine does not send a refused gRPC call, or one that a GOAWAY left unprocessed, to another endpoint yet.";

    public const string UnavailableIsRetried = "The engine does not retry a trailers-only UNAVAILABLE yet.";

    public const string VerdictsAreStatuses = "The engine's own verdicts are exceptions yet, which a gRPC client shows as INTERNAL.";
}
