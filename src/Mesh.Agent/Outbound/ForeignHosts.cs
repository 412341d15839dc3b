using Mesh.Agent.Forwarding;
using Mesh.Agent.Options;

namespace Mesh.Agent.Outbound;

/// <summary>Where calls go whose host is no service of the mesh: nowhere, unless the configuration names the host.</summary>
/// <param name="policy">The policy in force.</param>
/// <param name="inner">Carries the calls that may pass.</param>
internal sealed class ForeignHosts(Func<AgentPolicy> policy, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>Whether a host that is no service may be called.</summary>
    public static bool Passes(AgentPolicy policy, Uri uri)
    {
        string host = uri.IdnHost.Trim('[', ']').ToLowerInvariant();
        foreach (HostPattern pattern in policy.PassThrough)
        {
            if (pattern.Includes(host))
            {
                return true;
            }
        }

        return false;
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Uri uri = request.RequestUri!;
        return Passes(policy(), uri) ? base.SendAsync(request, cancellationToken) : Task.FromException<HttpResponseMessage>(new ForeignHostException(uri.Host));
    }
}
