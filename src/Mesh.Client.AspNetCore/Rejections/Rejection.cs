using Mesh.Client.Grpc;
using Mesh.Client.Model;

namespace Mesh.Client.AspNetCore.Rejections;

/// <summary>An answer in place of the application's.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Rule">The rule or limit that decided, for logs and metrics.</param>
internal readonly record struct Rejection(RejectionReason Reason, string Rule)
{
    /// <summary>When it is worth to come again; zero says nothing.</summary>
    public TimeSpan RetryAfter { get; init; }

    /// <summary>The limit that is used up, where it is one.</summary>
    public RateLimitPolicy? Limit { get; init; }

    public int Status => Reason switch
    {
        RejectionReason.BadPath => 400,
        RejectionReason.Denied => 403,
        RejectionReason.RateLimited => 429,
        RejectionReason.Overloaded => 503,
        _ => 504,
    };

    public GrpcStatusCode GrpcStatus => Reason switch
    {
        RejectionReason.BadPath => GrpcStatusCode.InvalidArgument,
        RejectionReason.Denied => GrpcStatusCode.PermissionDenied,
        RejectionReason.RateLimited => GrpcStatusCode.ResourceExhausted,
        RejectionReason.Overloaded => GrpcStatusCode.Unavailable,
        _ => GrpcStatusCode.DeadlineExceeded,
    };

    /// <summary>For whoever called: no rule, no address, nothing that helps to get around it.</summary>
    public string Detail => Reason switch
    {
        RejectionReason.BadPath => "The path of the request is not valid.",
        RejectionReason.Denied => "Access to this service is denied.",
        RejectionReason.RateLimited => "The rate limit of this service is used up.",
        RejectionReason.Overloaded => "This service has more to do than it can.",
        _ => "The deadline of the request has passed.",
    };
}
