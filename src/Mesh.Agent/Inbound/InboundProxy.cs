using System.Net;
using Mesh.Agent.Forwarding;
using Mesh.Client.AspNetCore.Access;
using Mesh.Client.Matching;
using Mesh.Client.Model;
using Mesh.Client.Options;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Mesh.Agent.Inbound;

/// <summary>Takes what <c>UseMesh()</c> let pass to the local program.</summary>
/// <param name="forwarder">Passes it on.</param>
/// <param name="place">The scheme and the host of the program's URIs.</param>
/// <param name="mesh">Whose word about the way of a request counts.</param>
internal sealed class InboundProxy(Forwarder forwarder, string place, MeshConfiguration mesh)
{
    private const string ForwardedFor = "X-Forwarded-For";

    // What a proxy before this one may have said, and a peer must not.
    private static readonly string[] s_forwarded = [ForwardedFor, "Forwarded", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix", "X-Real-IP"];

    public Task InvokeAsync(HttpContext context)
    {
        if (HttpMethods.IsConnect(context.Request.Method) && context.Features.Get<IHttpExtendedConnectFeature>() is not { IsExtendedConnect: true })
        {
            return forwarder.RefuseAsync(context, Refusal.Tunnel(RequestHost.Of(context.Request).Value ?? ""));
        }

        if (!RequestTarget.TryRead(context, place, out Uri? uri, out string? fault))
        {
            return forwarder.RefuseAsync(context, Refusal.Malformed(fault));
        }

        // HTTP/1.0 knows requests without a host. Elsewhere the program would be told another one than the peer named.
        if (string.IsNullOrEmpty(RequestHost.Of(context.Request).Value) && !HttpProtocol.IsHttp10(context.Request.Protocol))
        {
            return forwarder.RefuseAsync(context, Refusal.Malformed("It names no host."));
        }

        SayWhere(context, mesh.Current.Server);
        return forwarder.SendAsync(context, uri, RequestHost.Of(context.Request).Value);
    }

    private static void SayWhere(HttpContext context, ServerPolicy policy)
    {
        IPAddress peer = context.Connection.RemoteIpAddress is { } address ? NetworkSet.Canonical(address) : IPAddress.Loopback;
        IHeaderDictionary headers = context.Request.Headers;
        if (!policy.TrustedProxies.Contains(peer))
        {
            foreach (string name in s_forwarded)
            {
                headers.Remove(name);
            }
        }

        string before = headers[ForwardedFor].ToString();
        headers[ForwardedFor] = before.Length == 0 ? peer.ToString() : $"{before}, {peer}";
    }
}
