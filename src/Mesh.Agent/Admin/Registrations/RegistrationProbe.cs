using System.Net;
using Mesh.Client.AspNetCore.Addresses;
using Mesh.Client.Http;
using Mesh.Client.Model;
using Mesh.Client.Probing;

namespace Mesh.Agent.Admin.Registrations;

/// <summary>Makes the probe of a program that registered itself: it is asked where it says, by the name under which others call it.</summary>
internal static class RegistrationProbe
{
    /// <summary>Makes it; the form has a health check.</summary>
    public static IProbe Create(RegistrationForm form)
    {
        HealthCheckPolicy policy = form.Health!;
        InstanceAddress address = form.HealthAddress;
        var endpoint = new MeshEndpoint(address.Host, address.Port);
        string authority = $"{address.Scheme ?? Uri.UriSchemeHttp}://{endpoint.Authority}";
        return policy.Type switch
        {
            HealthCheckType.Http => new HttpProbe(Connect, new Uri($"{authority}{policy.Path}")),
            HealthCheckType.Grpc => new GrpcProbe(Connect, new Uri(authority), policy.Path, policy.Timeout),
            _ => new TcpProbe(NodeTransport.DialAsync, endpoint),
        };
    }

    private static SocketsHttpHandler Connect() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(2),
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
    };
}
