using System.Diagnostics.CodeAnalysis;
using System.Net;
using Mesh.Client.Matching;
using Mesh.Client.Model;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Mesh.Client.AspNetCore.Callers;

/// <summary>Where a client is.</summary>
internal static class ClientAddress
{
    private const string ForwardedFor = "X-Forwarded-For";
    private const string Forwarded = "Forwarded";

    /// <summary>
    /// The address of the connection's other end; where that is a trusted proxy, the last address of <c>X-Forwarded-For</c> that is none. What stands further to the left
    /// anybody may have written. A connection without an address (a Unix socket, a named pipe, memory) is one of this machine.
    /// </summary>
    /// <returns>The address; <see langword="null"/> where a trusted proxy says something that is none, or says it in <c>Forwarded</c> alone, which is not read.</returns>
    public static IPAddress? Of(HttpContext context, ServerPolicy policy)
    {
        IPAddress address = Peer(context);
        if (policy.TrustedProxies.IsEmpty || !policy.TrustedProxies.Contains(address))
        {
            return address;
        }

        IHeaderDictionary headers = context.Request.Headers;
        return headers.ContainsKey(Forwarded) && !headers.ContainsKey(ForwardedFor) ? null : Before(address, headers[ForwardedFor], policy.TrustedProxies);
    }

    /// <summary>Whether the word of a client counts.</summary>
    public static bool IsTrusted(HttpContext context, ServerPolicy policy, IPAddress? address) =>
        address is not null
        && policy.TrustedNetworks.Contains(address)
        && (policy.TrustIsExplicit || !IsForwarded(context.Request.Headers) || policy.TrustedProxies.Contains(Peer(context)));

    private static IPAddress Peer(HttpContext context) => context.Connection.RemoteIpAddress is { } peer ? NetworkSet.Canonical(peer) : IPAddress.Loopback;

    private static bool IsForwarded(IHeaderDictionary headers) => headers.ContainsKey(ForwardedFor) || headers.ContainsKey(Forwarded);

    private static IPAddress? Before(IPAddress proxy, StringValues lines, NetworkSet proxies)
    {
        IPAddress address = proxy;
        for (int i = lines.Count - 1; i >= 0; i--)
        {
            ReadOnlySpan<char> rest = lines[i];
            while (!rest.IsEmpty)
            {
                int comma = rest.LastIndexOf(',');
                ReadOnlySpan<char> entry = rest[(comma + 1)..].Trim();
                rest = comma < 0 ? default : rest[..comma];
                if (entry.IsEmpty)
                {
                    continue;
                }

                if (!TryRead(entry, out IPAddress? before))
                {
                    return null;
                }

                address = NetworkSet.Canonical(before);
                if (!proxies.Contains(address))
                {
                    return address;
                }
            }
        }

        return address;
    }

    // 10.0.0.1, 10.0.0.1:8080, ::1, [::1] and [::1]:8080 are all in use.
    private static bool TryRead(ReadOnlySpan<char> entry, [NotNullWhen(true)] out IPAddress? address)
    {
        if (entry[0] == '[')
        {
            int end = entry.IndexOf(']');
            address = null;
            return end > 0 && (end == entry.Length - 1 || entry[end + 1] == ':') && entry[1..end].Contains(':') && NetworkSet.TryAddress(entry[1..end], out address);
        }

        int colon = entry.IndexOf(':');
        return NetworkSet.TryAddress(colon >= 0 && colon == entry.LastIndexOf(':') ? entry[..colon] : entry, out address);
    }
}
