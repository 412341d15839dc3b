using System.Security.Cryptography.X509Certificates;
using Mesh.Client;
using Mesh.IntegrationTests.Certificates;
using Mesh.IntegrationTests.Consul.Servers;
using Mesh.IntegrationTests.Wire;
using Mesh.IntegrationTests.Wire.Servers;
using Microsoft.AspNetCore.Http;

namespace Mesh.IntegrationTests.Consul;

/// <summary>A real Consul that speaks TLS and answers only those who show a certificate.</summary>
[Collection(typeof(OnTheWire))]
public sealed class ConsulClientCertificateTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Get_RegistryThatWantsACertificate_IsCalledWithTheOneOfTheOptions(bool shown)
    {
        using var authority = new TestAuthority();
        using X509Certificate2 server = authority.Issue("server");
        using X509Certificate2 client = authority.Issue("client");
        int port = ConsulServer.FreePorts(1)[0];
        await using RealServer orders = await RealServer.StartAsync(static context => context.Response.WriteAsync("ok"));
        await using ConsulServer consul = await ConsulServer.StartAsync(settings:
            $"ports {{ https = {port} }} verify_incoming_https = true ca_file = \"{authority.PathOf("authority")}\" cert_file = \"{authority.PathOf("server")}\" key_file = \"{authority.KeyOf("server")}\"");
        await consul.RegisterAsync("orders", "orders-1", orders.Endpoint.Port);
        using var mesh = new ConsulMesh($"https://127.0.0.1:{port}", options => options.ConfigureHandler = handler =>
        {
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(authority.Certificate);
            handler.SslOptions.ClientCertificates = shown ? [client] : [];
        });

        if (shown)
        {
            Assert.Equal("ok", await mesh.CallAsync("orders"));
        }
        else
        {
            MeshException error = await Assert.ThrowsAsync<MeshException>(() => mesh.CallAsync("orders"));
            Assert.Contains("Consul: failed", error.Message, StringComparison.Ordinal);
        }
    }
}
