using System.Net;
using Mesh.Client.AspNetCore.Access;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Mesh.Client.AspNetCore.Admin.Access;

/// <summary>
/// Whether a caller is on this machine. What counts is the connection's other end as the server sees it, not what <c>X-Forwarded-For</c> made of it; a request that a proxy passed on is nobody's
/// on this machine, whatever it says of where it came from.
/// </summary>
internal static class LocalCaller
{
    // Beside what begins with X-Forwarded: what the usual proxies, load balancers and content networks say of who called them.
    private static readonly string[] s_forwarding =
    [
        "Forwarded", "Forwarded-For", "Via", "CDN-Loop", "X-Original-For", "X-Original-Host", "X-Original-Proto", "X-Real-IP", "X-Client-IP", "X-Cluster-Client-IP", "X-Azure-ClientIP",
        "X-Envoy-External-Address", "X-ARR-LOG-ID", "CF-Connecting-IP", "Fly-Client-IP", "True-Client-IP",
    ];

    /// <summary>What is wrong and the remedy; <see langword="null"/> for a caller on this machine.</summary>
    public static string? Problem(HttpContext context)
    {
        if (!IsLoopback(context.Connection.RemoteIpAddress) || (context.Features.Get<IConnectionEndPointFeature>()?.RemoteEndPoint is IPEndPoint peer && !IsLoopback(peer.Address)))
        {
            return "Only callers on this machine are answered. To open it to others, give MapMesh AllowRemote, and RequireAuthorization().";
        }

        if (WasForwarded(context.Request))
        {
            return "A proxy passed the request on, so that it may come from anywhere. To serve it behind a proxy, give MapMesh AllowRemote, and RequireAuthorization().";
        }

        return IsHere(RequestHost.Of(context.Request).Host) ? null : "The host of the request is no name of this machine. Call it by localhost or by an IP address.";
    }

    // One that adds nothing, as nginx does unless it is told to, still speaks HTTP/1.0 as a rule, which no browser and no tool of today does.
    private static bool WasForwarded(HttpRequest request) =>
        HttpProtocol.IsHttp10(request.Protocol)
        || Array.Exists(s_forwarding, request.Headers.ContainsKey)
        || request.Headers.Keys.Any(static name => name.StartsWith("X-Forwarded", StringComparison.OrdinalIgnoreCase));

    // No address is a Unix socket, a named pipe or memory.
    private static bool IsLoopback(IPAddress? address) => address is null || IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    // No DNS is behind these, so that nobody can let them point here.
    private static bool IsHere(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || IPAddress.TryParse(host, out _);
}
