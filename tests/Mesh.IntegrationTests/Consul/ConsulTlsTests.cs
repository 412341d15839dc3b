using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Mesh.Client;
using Mesh.IntegrationTests.Wire;
using Mesh.IntegrationTests.Wire.Servers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Mesh.IntegrationTests.Consul;

/// <summary>A registry behind TLS, with the certificates that code sets up.</summary>
[Collection(typeof(OnTheWire))]
public sealed class ConsulTlsTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Get_RegistryBehindTls_IsCalledIfCodeTrustsIt(bool trusted)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=consul", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using X509Certificate2 certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
        await using RealServer orders = await RealServer.StartAsync(static context => context.Response.WriteAsync("ok"));
        await using RealServer registry = await RealServer.StartAsync(
            context =>
            {
                context.Response.Headers["X-Consul-Index"] = "10";
                return context.Response.WriteAsync(context.Request.Path.StartsWithSegments("/v1/status", StringComparison.Ordinal)
                    ? "\"x\""
                    : $$"""[{"Node":{"Node":"n","Address":"127.0.0.1"},"Service":{"ID":"o","Port":{{orders.Endpoint.Port}}},"Checks":[]}]""");
            },
            HttpProtocols.Http1,
            certificate);
        using var mesh = new ConsulMesh($"https://localhost:{registry.Endpoint.Port}", options => options.ConfigureHandler = handler =>
            handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, errors) => trusted && errors != SslPolicyErrors.None && shown?.GetCertHashString() == certificate.Thumbprint);

        if (trusted)
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
