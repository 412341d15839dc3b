using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Forwarder;

namespace Mesh.Agent.Forwarding;

/// <summary>Makes the request that goes on from the one that came.</summary>
/// <param name="uri">Where it goes.</param>
/// <param name="host">What it says in <c>Host</c>; <see langword="null"/> where that is the host of <paramref name="uri"/>.</param>
internal sealed class ForwardTransformer(Uri uri, string? host) : HttpTransformer
{
    public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        HopHeaders.RemoveNominated(httpContext.Request.Headers);
        httpContext.Request.Headers.Remove(HeaderNames.ProxyAuthorization);
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken).ConfigureAwait(false);
        proxyRequest.RequestUri = uri;

        proxyRequest.Headers.Host = host;
        UpgradeOther(httpContext, proxyRequest);
    }

    public override async ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        bool goesOn = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken).ConfigureAwait(false);
        if (proxyResponse is not null)
        {
            HopHeaders.RemoveNominated(proxyResponse, httpContext.Response.Headers);
        }

        return goesOn;
    }

    // YARP knows WebSockets; any other protocol begins alike. Not h2c: this hop's own offer, and whoever takes it up further on would be past the mesh.
    private static void UpgradeOther(HttpContext context, HttpRequestMessage request)
    {
        if (context.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true })
        {
            return;
        }

        string protocol = context.Request.Headers.Upgrade.ToString();
        if (protocol.Length == 0 || protocol.Contains("h2c", StringComparison.OrdinalIgnoreCase) || protocol.Equals("websocket", StringComparison.OrdinalIgnoreCase) || protocol.StartsWith("SPDY/", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        request.Version = HttpVersion.Version11;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        request.Headers.TryAddWithoutValidation(HeaderNames.Connection, HeaderNames.Upgrade);
        request.Headers.TryAddWithoutValidation(HeaderNames.Upgrade, protocol);
    }
}
