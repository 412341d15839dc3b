using Mesh.Client.AspNetCore.Telemetry;
using Mesh.Client.Inbound;
using Mesh.Client.Model;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Mesh.Client.AspNetCore.Access;

/// <summary>
/// Holds the access rules against a request, in their order: the first one that matches decides. What is doubtful about a request counts against it: it matches the rules
/// that deny and not those that allow.
/// </summary>
internal sealed class AccessCheck(ServerEvents events)
{
    private const string Default = "DefaultAccess";

    public AccessVerdict Decide(ServerPolicy policy, HttpContext context, InboundRequest inbound, in RequestPath path)
    {
        foreach (AccessRule rule in policy.Access)
        {
            if (!Matches(rule, context.Request, inbound, path))
            {
                continue;
            }

            if (!rule.DryRun)
            {
                return new AccessVerdict(rule.Allows, rule.Name);
            }

            if (!rule.Allows)
            {
                events.WouldDeny(context, inbound, rule.Name);
            }
        }

        return new AccessVerdict(policy.AllowsByDefault, Default);
    }

    private static bool Matches(AccessRule rule, HttpRequest request, InboundRequest inbound, in RequestPath path)
    {
        AccessMatch match = rule.Match;
        return (match.Networks is null || (inbound.Address is { } address ? match.Networks.Contains(address) : !rule.Allows))
            && (match.Callers.IsEmpty || Contains(match.Callers, inbound.Caller))
            && (match.Methods.IsEmpty || Contains(match.Methods, request.Method))
            && (match.Paths.IsEmpty || path.Matches(match.Paths.Items.AsSpan(), rule.Allows))
            && (match.Headers.IsEmpty || MatchesHeaders(match.Headers, request, rule.Allows));
    }

    private static bool Contains(ValueList<string> texts, string? text)
    {
        foreach (string one in texts)
        {
            if (string.Equals(one, text, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static bool MatchesHeaders(ValueList<HeaderMatch> headers, HttpRequest request, bool allows)
    {
        foreach (HeaderMatch header in headers)
        {
            if (!Matches(header, request, allows))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Matches(HeaderMatch header, HttpRequest request, bool allows)
    {
        if (header.Name.Equals("Host", StringComparison.OrdinalIgnoreCase))
        {
            // Upper and lower case, a port and a dot at the end lead to the same place.
            HostString sent = RequestHost.Of(request);
            string host = header.Value.Text.Contains(':', StringComparison.Ordinal) ? sent.Value ?? "" : sent.Host;
            return host.Length > 0 && header.Value.Matches(host.AsSpan().TrimEnd('.'), ignoreCase: true);
        }

        StringValues lines = request.Headers[header.Name];
        int matching = 0;
        foreach (string? line in lines)
        {
            matching += header.Value.Matches(line) ? 1 : 0;
        }

        return matching > 0 && (!allows || matching == lines.Count);
    }
}
