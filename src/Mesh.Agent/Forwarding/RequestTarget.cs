using System.Diagnostics.CodeAnalysis;
using Mesh.Client.AspNetCore.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Mesh.Agent.Forwarding;

/// <summary>Reads where a request wants to go, from its target (RFC 9112, 3.2) and its <c>Host</c>. The path goes on as it came, byte for byte.</summary>
internal static class RequestTarget
{
    private const string Http = "http://";
    private const string Https = "https://";
    private const string NoHost = "Its host is no host name, IP address or either with a port.";

    // Checked here, where the path is taken as it is: nothing that ends a line or a target.
    private static readonly UriCreationOptions s_asIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>Finds the URI of a request that names where it goes.</summary>
    /// <param name="context">The request.</param>
    /// <param name="uri">Scheme and path are those of the target, the host is that of <c>Host</c>, which Kestrel has set right where the target names another.</param>
    /// <param name="fault">What is wrong.</param>
    public static bool TryRead(HttpContext context, [NotNullWhen(true)] out Uri? uri, [NotNullWhen(false)] out string? fault)
    {
        uri = null;
        if (!TryPath(context, out string scheme, out string path, out fault))
        {
            return false;
        }

        string host = RequestHost.Of(context.Request).Value ?? "";
        if (host.AsSpan().ContainsAny("/?#\\@"))
        {
            fault = NoHost;
            return false;
        }

        if (host.Length == 0)
        {
            fault = "It names no host: the agent finds the service by the Host header, or by the host of an absolute target.";
            return false;
        }

        return TryMake($"{scheme}{host}", path, out uri, out fault);
    }

    /// <summary>Finds the URI of a request that goes to a place which is known.</summary>
    /// <param name="context">The request.</param>
    /// <param name="place">The scheme, the host and the port.</param>
    /// <param name="uri">It with the path of the request.</param>
    /// <param name="fault">What is wrong.</param>
    public static bool TryRead(HttpContext context, string place, [NotNullWhen(true)] out Uri? uri, [NotNullWhen(false)] out string? fault)
    {
        uri = null;
        return TryPath(context, out _, out string path, out fault) && TryMake(place, path, out uri, out fault);
    }

    private static bool TryMake(string place, string path, [NotNullWhen(true)] out Uri? uri, [NotNullWhen(false)] out string? fault)
    {
        bool isUri = Uri.TryCreate($"{place}{path}", s_asIs, out uri) && uri.Host.Length > 0 && uri.UserInfo.Length == 0 && uri.PathAndQuery == path;
        fault = isUri ? null : NoHost;
        return isUri;
    }

    private static bool TryPath(HttpContext context, out string scheme, out string path, [NotNullWhen(false)] out string? fault)
    {
        path = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        scheme = Http;
        fault = path.StartsWith('/') || TrySplit(path, out scheme, out path) ? null : "Its target is neither a path nor an absolute http or https URI.";
        fault ??= IsSound(path) ? null : "Its path has characters that a path cannot have.";
        return fault is null;
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
