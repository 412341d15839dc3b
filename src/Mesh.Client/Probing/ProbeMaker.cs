using Mesh.Client.Model;

namespace Mesh.Client.Probing;

/// <summary>Makes the probes of one service.</summary>
/// <param name="authority">The host, and the port where it has one, that the URIs of the service's calls name.</param>
/// <param name="connect">Makes a transport of its own that dials an endpoint, with the settings of the calls' transport.</param>
/// <param name="dial">Makes a bare connection to an endpoint; <see langword="null"/> where there are none.</param>
internal sealed class ProbeMaker(
    string authority,
    Func<MeshEndpoint, TransportPolicy, HttpMessageHandler> connect,
    Func<MeshEndpoint, CancellationToken, ValueTask<Stream>>? dial)
{
    /// <summary>Whether endpoints can be probed in this way.</summary>
    public bool CanMake(HealthCheckType type) => type is HealthCheckType.Http or HealthCheckType.Grpc || (type is HealthCheckType.Tcp && dial is not null);

    public IProbe Create(ProbePlan plan)
    {
        MeshEndpoint endpoint = plan.Endpoint;
        HealthCheckPolicy policy = plan.Policy;
        MeshEndpoint target = policy.Port == 0 ? endpoint : endpoint with { Port = policy.Port };
        string scheme = endpoint.Scheme ?? policy.Scheme;
        if (policy.Type is HealthCheckType.Tcp)
        {
            return new TcpProbe(dial!, target.Port == 0 ? target with { Port = scheme == Uri.UriSchemeHttps ? 443 : 80 } : target);
        }

        if (policy.Type is HealthCheckType.Grpc)
        {
            // gRPC is HTTP/2, whatever the calls are sent with.
            TransportPolicy http2 = plan.Transport with { HttpVersion = null };
            return new GrpcProbe(() => connect(target, http2), new Uri($"{scheme}://{authority}"), policy.Path, policy.Timeout);
        }

        TransportPolicy transport = plan.Transport;
        return new HttpProbe(() => connect(target, transport), new Uri($"{scheme}://{authority}{policy.Path}"));
    }
}
