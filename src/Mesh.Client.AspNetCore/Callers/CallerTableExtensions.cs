using Mesh.Client.AspNetCore.Admin;
using Mesh.Client.Inbound;
using Mesh.Client.Model;
using Mesh.Client.Traffic;
using Microsoft.AspNetCore.Http;

namespace Mesh.Client.AspNetCore.Callers;

/// <summary>How a request counts among those of its caller.</summary>
internal static class CallerTableExtensions
{
    /// <summary>Counts a request that was let in. A client that went away says nothing; what an operator looks at is no work done for a caller.</summary>
    /// <param name="callers">The callers.</param>
    /// <param name="context">The request.</param>
    /// <param name="inbound">Who made it.</param>
    /// <param name="entered">When it was let in.</param>
    /// <param name="now">When it ended.</param>
    /// <param name="succeeded">Whether the application answered at all.</param>
    public static void Record(this CallerTable callers, HttpContext context, InboundRequest inbound, long entered, long now, bool succeeded)
    {
        if (!context.RequestAborted.IsCancellationRequested && context.GetEndpoint()?.Metadata.GetMetadata<AdminMetadata>() is null)
        {
            callers.Record(inbound.Caller, now - entered, succeeded && context.Response.StatusCode < StatusCodes.Status500InternalServerError ? Outcome.Success : Outcome.Failure, now);
        }
    }
}
