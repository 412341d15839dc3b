using System.Globalization;
using Mesh.Client.Nodes;
using Mesh.Client.Retries;
using Mesh.Client.Services;

namespace Mesh.Client.Pipeline;

/// <summary>Says what took too long, and which option allows more.</summary>
internal static class TimeoutErrors
{
    /// <summary>The error of a call whose time was over before its next attempt began.</summary>
    public static MeshException OfCall(MeshService service, in CallLimits limits)
    {
        string message = limits.IsInherited ? Inherited(service, $"no attempt succeeded", limits) : string.Create(
            CultureInfo.InvariantCulture,
            $"Service \"{service.Name}\": no attempt succeeded within Timeout {limits.Timeout}. If the work takes longer than that, raise Mesh:Services:{service.Name}:Timeout.");
        return new MeshException(MeshError.Timeout, service.Name, message, new TimeoutException(message));
    }

    /// <summary>The error of an attempt that took too long.</summary>
    public static MeshException OfAttempt(MeshService service, EndpointNode node, in CallLimits limits, FailureKind kind, Exception error)
    {
        (MeshError reason, string name, TimeSpan limit) = kind is FailureKind.AttemptTimeout
            ? (MeshError.AttemptTimeout, "AttemptTimeout", limits.AttemptTimeout)
            : (MeshError.Timeout, "Timeout", limits.Timeout);
        string message = limits.IsInherited && kind is not FailureKind.AttemptTimeout ? Inherited(service, $"no response headers from {node.Endpoint.Authority}", limits) : string.Create(
            CultureInfo.InvariantCulture,
            $"Service \"{service.Name}\": no response headers from {node.Endpoint.Authority} within {name} {limit}. If the work takes longer than that, raise Mesh:Services:{service.Name}:{name}.");
        return new MeshException(reason, service.Name, message, new TimeoutException(message, error));
    }

    private static string Inherited(MeshService service, string what, in CallLimits limits) => string.Create(
        CultureInfo.InvariantCulture,
        $"Service \"{service.Name}\": {what} within {limits.Timeout}, which was left until the deadline of the request that is being served. If the work takes longer than that, its caller must allow for it.");
}
