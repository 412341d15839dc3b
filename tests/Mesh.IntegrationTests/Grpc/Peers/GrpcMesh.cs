using Mesh.Client;
using Mesh.Client.Options;
using Mesh.IntegrationTests.Certificates;
using Mesh.IntegrationTests.Grpc.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.IntegrationTests.Grpc.Peers;

/// <summary>A mesh of its own whose service <c>testservice</c> has the peers as its configured endpoints, for calls to <c>testservice.mesh</c>.</summary>
internal static class GrpcMesh
{
    public const string Host = "testservice.mesh";

    /// <param name="addresses">The endpoints, as <see cref="GrpcPeer.Address"/> says them.</param>
    /// <param name="authority">Trusted where the endpoints speak TLS.</param>
    /// <param name="configure">The options of the service.</param>
    public static GrpcCaller Create(IEnumerable<string> addresses, TestAuthority? authority = null, Action<ServiceOptions>? configure = null)
    {
        HttpMessageHandler handler = MeshHandlerFactory.Create(mesh => mesh
            .ConfigureDiscovery(discovery =>
            {
                discovery.Sources = ["Configuration"];
                discovery.CacheDirectory = "";
            })
            .AddService("testservice", options =>
            {
                options.Endpoints = [.. addresses.Select(static address => new EndpointOptions { Address = address })];
                if (authority?.Trust() is { } trust)
                {
                    options.Transport.ConfigureHandler = (_, transport) => transport.SslOptions = trust;
                }

                configure?.Invoke(options);
            }));
        return new GrpcCaller(handler, $"{(authority is null ? Uri.UriSchemeHttp : Uri.UriSchemeHttps)}://{Host}");
    }
}
