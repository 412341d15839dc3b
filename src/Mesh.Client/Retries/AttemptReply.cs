using System.Runtime.ExceptionServices;
using Mesh.Client.Nodes;

namespace Mesh.Client.Retries;

/// <summary>What came back from an attempt: a response, or a failure as a value.</summary>
/// <param name="Response">The response, if one came.</param>
/// <param name="Exception">What the caller gets where no further attempt is made.</param>
/// <param name="Kind">How it ended.</param>
/// <param name="Node">Where it went.</param>
internal readonly record struct AttemptReply(HttpResponseMessage? Response, Exception? Exception, FailureKind Kind, EndpointNode? Node)
{
    /// <summary>The response, or the failure thrown with the stack it came with.</summary>
    public HttpResponseMessage Unwrap()
    {
        if (Exception is not null)
        {
            ExceptionDispatchInfo.Throw(Exception);
        }

        return Response!;
    }
}
