using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Mesh.Agent.Outbound;

/// <summary>Reads where a request wants to go, from its target (RFC 9112, 3.2) and its <c>Host</c>. The path goes on as it came, byte for byte.</summary>
internal static class OutboundRequest
{
    private const string Http = "http://";
    private const string Https = "https://";

    // Checked here, where the path is taken as it is: nothing that ends a line or a target.
    private static readonly UriCreationOptions s_asIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>Finds the URI.</summary>
    /// <param name="context">The request.</param>
    /// <param name="uri">Where it goes: scheme and path from the target, the host from <c>Host</c>, which Kestrel has set right where the target names another.</param>
    /// <param name="fault">What is wrong.</param>
    public static bool TryRead(HttpContext context, [NotNullWhen(true)] out Uri? uri, [NotNullWhen(false)] out string? fault)
    {
        uri = null;
        fault = null;
        string host = context.Request.Host.Value ?? "";
        string target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        string scheme = Http;
        if (host.Length == 0)
        {
            fault = "It names no host: the agent finds the service by the Host header, or by the host of an absolute target.";
            return false;
        }

        if (!target.StartsWith('/'))
        {
            if (!TrySplit(target, out scheme, out target))
            {
                fault = "Its target is neither a path nor an absolute http or https URI.";
                return false;
            }
        }

        if (!IsSound(target))
        {
            fault = "Its path has characters that a path cannot have.";
            return false;
        }

        if (!Uri.TryCreate($"{scheme}{host}{target}", s_asIs, out uri) || uri.Host.Length == 0 || uri.UserInfo.Length > 0)
        {
            uri = null;
            fault = "Its host is no host name, IP address or either with a port.";
            return false;
        }

        return true;
    }

    private static bool TrySplit(string target, out string scheme, out string path)
    {
        scheme = target.StartsWith(Http, StringComparison.OrdinalIgnoreCase) ? Http : target.StartsWith(Https, StringComparison.OrdinalIgnoreCase) ? Https : "";
        path = "";
        if (scheme.Length == 0)
        {
            return false;
        }

        int end = target.AsSpan(scheme.Length).IndexOfAny('/', '?');
        string rest = end < 0 ? "" : target[(scheme.Length + end)..];
        path = rest.StartsWith('/') ? rest : $"/{rest}";
        return true;
    }

    private static bool IsSound(string target) => !target.AsSpan().ContainsAnyExceptInRange('!', '~') && !target.Contains('#', StringComparison.Ordinal);
}
