using Mesh.Client.Grpc;
using Mesh.Client.Services;

namespace Mesh.Client.Pipeline;

/// <summary>One call of a client to a service: what all its attempts go by.</summary>
internal readonly record struct Call(
    MeshService Service, ServiceSnapshot Snapshot, HttpRequestMessage Request, CallerContext Caller, bool Synchronous, CancellationToken CancellationToken)
{
    /// <summary>The most attempts, the first included.</summary>
    public int MaxAttempts => Caller.MaxAttempts ?? Snapshot.Policy.Retry.MaxAttempts;

    /// <summary>Whether it is a gRPC call, whose content is a <see cref="GrpcContent"/>.</summary>
    public bool IsGrpc { get; init; }

    /// <summary>Whether whoever sends it concludes the gRPC call: otherwise somebody around it does.</summary>
    public bool Concludes { get; init; }

    /// <summary>Whether the request's body was buffered, so that it can be sent again.</summary>
    public bool Replayable { get; init; }

    /// <summary>Whether a redirect is the answer for now, because whoever sends the call gives its place back before it follows.</summary>
    public bool StaysHere { get; init; }

    /// <summary>Whether somebody above leads it anew where it finds nobody: a gRPC call then fails by the exception.</summary>
    public bool MayBeLedAnew { get; init; }

    /// <summary>Whether it had its chance of a fault: each call has one, however often it is led anew.</summary>
    public bool HasSuffered { get; init; }

    /// <summary>How often it was led anew.</summary>
    public byte Restarts { get; init; }

    /// <summary>Whether an answer is a redirect that is followed here.</summary>
    public bool MustFollow(HttpResponseMessage answer) =>
        (int)answer.StatusCode is >= 300 and < 400 && !StaysHere && Caller.Follow is not null && Snapshot.Policy.Transport.FollowRedirects;
}
